"""The pages about many things: the cities, their comparison, the years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, Response, request

from kg.locales import Language
from kg.web.api.addresses import address
from kg.web.http.errors import not_found
from kg.web.pages.drawing.chart import Bar, ChartTexts, draw_bars
from kg.web.pages.drawing.svg import Picture
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.kinds.places import map_of, places_of
from kg.web.pages.queries.cities import CityView
from kg.web.pages.queries.exchanges import ExchangeView
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own
from kg.web.pages.reader import LabelIndex, agreements, cities, exchanges, labels, query_runner
from kg.web.pages.schema_org import page_markup
from kg.web.site import current_site

blueprint = Blueprint("listings", __name__)

_MOST_CHOSEN = 8


@blueprint.get("/cities")
def all_cities() -> Response:
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

    return show_page("cities.html", "cities", fill, runner.version)


@blueprint.get("/compare")
def compare() -> Response:
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

    return show_page("compare.html", f"compare {' '.join(map(slug_of, chosen))}", fill, runner.version)


@blueprint.get("/years")
def years() -> Response:
    """Show how many exchanges there were in each year."""
    runner, language = query_runner(), current_language()

    def fill() -> Mapping[str, object]:
        counted = count_by_year(runner)
        return {
            "counted": counted,
            "chart": chart_of_years(counted, language) if counted else None,
            "markup": page_markup("CollectionPage", language.translate("years.title")),
        }

    return show_page("years.html", "years", fill, runner.version)


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
