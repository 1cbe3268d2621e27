"""The pages about many things: the cities, their comparison, the years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, request

from kg.locales import Language
from kg.web.api.addresses import address
from kg.web.http.errors import not_found
from kg.web.pages.drawing.chart import Bar, ChartTexts, draw_bars
from kg.web.pages.drawing.svg import Picture
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.kinds.places import map_of, places_of
from kg.web.pages.queries.cities import CityView, Figure
from kg.web.pages.queries.exchanges import ExchangeView
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own
from kg.web.pages.reader import LabelIndex, agreements, cities, exchanges, labels, query_runner
from kg.web.pages.schema_org import page_markup
from kg.web.pages.tabular import Cell, Coordinates, DataTable, ListView, Named, listed, number, thing, things
from kg.web.site import current_site

blueprint = Blueprint("listings", __name__)

_MOST_CHOSEN = 8


@listed(blueprint, "/cities")
def all_cities() -> ListView:
    """Show the cities as cards, and on the map."""
    runner, language = query_runner(), current_language()

    def fill() -> Mapping[str, object]:
        places = places_of(runner.facts("cities"), Own(runner.iris.ontology), language)
        named = [{"@type": "AdministrativeArea", "@id": one.iri, "name": name_of(one)} for one in cities(runner)]
        return {
            "cities": cities(runner),
            "exchanges_with": {one.iri: with_city(runner, one) for one in cities(runner)},
            "names": LabelIndex(labels(runner), language),
            "map": map_of(places, language) if places else None,
            "markup": page_markup("CollectionPage", language.translate("navigation.cities"), about=named),
        }

    return ListView(
        "cities",
        runner.version,
        language.translate("navigation.cities"),
        lambda: table_of_cities(runner, cities(runner)),
        lambda: show_page("cities.html", "cities", fill, runner.version),
    )


@listed(blueprint, "/compare")
def compare() -> ListView:
    """Show cities side by side: those that are chosen, or all."""
    runner, language = query_runner(), current_language()
    asked = request.args.getlist("city")[:_MOST_CHOSEN]
    chosen = [one for one in cities(runner) if slug_of(one) in asked] or list(cities(runner))

    def fill() -> Mapping[str, object]:
        return {
            "cities": cities(runner),
            "chosen": chosen,
            "exchanges_with": {one.iri: with_city(runner, one) for one in chosen},
            "names": LabelIndex(labels(runner), language),
            "kinds": {one.iri: _frequent_kinds(with_city(runner, one)) for one in chosen},
            "slug_of": slug_of,
            "markup": page_markup("CollectionPage", language.translate("compare.title")),
        }

    key = f"compare {' '.join(map(slug_of, chosen))}"
    return ListView(
        key,
        runner.version,
        language.translate("compare.title"),
        lambda: table_of_cities(runner, chosen),
        lambda: show_page("compare.html", key, fill, runner.version),
    )


@listed(blueprint, "/years")
def years() -> ListView:
    """Show how many exchanges there were in each year."""
    runner, language = query_runner(), current_language()

    def fill() -> Mapping[str, object]:
        counted = count_by_year(runner)
        return {
            "counted": counted,
            "chart": chart_of_years(counted, language) if counted else None,
            "markup": page_markup("CollectionPage", language.translate("years.title")),
        }

    return ListView(
        "years",
        runner.version,
        language.translate("years.title"),
        lambda: DataTable("years", ("year", "exchanges"), list(count_by_year(runner).items())),
        lambda: show_page("years.html", "years", fill, runner.version),
    )


@blueprint.get("/years/<int:year>")
def one_year(year: int) -> Response:
    """Show what happened in a year."""
    runner, language = query_runner(), current_language()
    found = [one for one in exchanges(runner) if year in one.years]
    signed = [one for one in agreements(runner) if one.is_in(year)]
    if not found and not signed:
        raise not_found(request.path)

    def fill() -> Mapping[str, object]:
        counted = count_by_year(runner)
        return {
            "year": year,
            "exchanges": found,
            "agreements": signed,
            "kinds": Counter(one.primary_kind for one in found).most_common(),
            "cities_of_year": Counter(city for one in found for city in one.cities).most_common(),
            "names": LabelIndex(labels(runner), language),
            "before": max((one for one in counted if one < year and counted[one]), default=None),
            "after": min((one for one in counted if one > year and counted[one]), default=None),
            "markup": page_markup("CollectionPage", language.translate("year.title", year=str(year))),
        }

    return show_page("year.html", f"year {year}", fill, runner.version)


@blueprint.get("/about")
def about() -> Response:
    """Say what this is, how it was made, and what it is not."""
    runner, language = query_runner(), current_language()

    def fill() -> Mapping[str, object]:
        return {"markup": page_markup("AboutPage", language.translate("about.title")), "base": current_site().iris.base}

    return show_page("about.html", "about", fill, runner.version)


def table_of_cities(runner: QueryRunner, chosen: Iterable[CityView]) -> DataTable:
    """Return cities as data: the tie, figures, place, and how many exchanges there were."""
    facts, kg = runner.facts("cities"), Own(runner.iris.ontology)
    rows: list[tuple[Cell, ...]] = []
    places: list[Coordinates | None] = []
    for one in chosen:
        found = with_city(runner, one)
        latitude, longitude = (facts.text(one.iri, term) for term in (kg.latitude, kg.longitude))
        places.append((float(longitude), float(latitude)) if latitude and longitude else None)
        rows.append(
            (
                *(one.iri, Named("", one.names), things(runner, one.within), one.friendship, one.since),
                *(Named(one.agreement, one.title), thing(runner, one.instrument), thing(runner, one.concluded_in)),
                *(_figure(one.area), _figure(one.population), one.population.as_of or None if one.population else None),
                things(runner, one.population.bases if one.population else ()),
                *(len(found), found[-1].occurrences[0].start if found else None),
                *(found[0].occurrences[-1].end if found else None, *(places[-1] or (None, None))),
            )
        )
    columns = (
        *("iri", "name", "within", "friendship", "since", "agreement", "instrument", "concluded_in", "area"),
        *("population", "population_as_of", "population_basis", "exchanges", "first_day", "last_day"),
        *("longitude", "latitude"),
    )
    of_things = frozenset({"within", "agreement", "instrument", "concluded_in", "population_basis"})
    return DataTable("cities", columns, rows, of_things, coordinates=places)


def _figure(figure: Figure | None) -> Cell:
    return number(figure.value) if figure else None


def slug_of(city: CityView) -> str:
    """Return what stands for a city in an address."""
    return city.iri.rpartition("/")[2]


def name_of(city: CityView) -> str:
    """Return the name of a city in the reader's language."""
    return str(current_language().label(city.names) or slug_of(city))


def with_city(runner: QueryRunner, city: CityView) -> list[ExchangeView]:
    """Return the exchanges that took place with a city, the latest first."""
    return [one for one in exchanges(runner) if one.is_held and city.iri in one.cities]


def count_by_year(runner: QueryRunner) -> dict[int, int]:
    """Return how many exchanges there were in each year, from the first to the last, those without any too."""
    counted = Counter(year for one in exchanges(runner) for year in one.years)
    return {year: counted[year] for year in range(min(counted), max(counted) + 1)} if counted else {}


def chart_of_years(counted: Mapping[int, int], language: Language) -> Picture:
    """Draw the number of exchanges by year; each bar leads to its year."""
    t = language.translate
    texts = ChartTexts(t("years.title"), t("years.description"), t("years.year"), t("years.exchanges"))
    bars = [Bar(str(year), count, address(f"/years/{year}") if count else "") for year, count in counted.items()]
    return draw_bars(bars, texts)


def _frequent_kinds(found: list[ExchangeView]) -> list[tuple[str, int]]:
    return Counter(one.primary_kind for one in found).most_common(3)
