"""The pages about many things: the exchange lines with their facets, and search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from flask import Blueprint, request

from kg.domain import Iris, RequestError
from kg.locales import Label, Language, Message
from kg.web.api.addresses import address
from kg.web.pages.drawing.chart import Bar, ChartTexts, draw_bars
from kg.web.pages.drawing.svg import Picture
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.queries.exchanges import Dimension, ExchangeFilter, ExchangeView, counts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.reader import LabelIndex, exchanges, found_index, labels, query_runner
from kg.web.pages.tabular import DataTable, ListView, listed, thing, things
from kg.web.site import current_site

blueprint = Blueprint("lists", __name__)

_SCHEMES: Mapping[Dimension, str] = {"kind": "exchange-kind", "way": "direction", "topic": "topic"}
_ADDRESS_NAMES = {"way": "direction", "word": "q"}
_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
_PER_PAGE = 30
_MOST_ASKED = 200


@dataclass(frozen=True)
class Option:
    """One value of a facet: its name, how many lines choosing it would list, and where that leads."""

    name: Label
    count: int
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """One thing to filter by: the key of its name, and its values that occur."""

    key: str
    options: tuple[Option, ...]
    clear: str


@listed(blueprint, "/exchanges")
def exchange_list() -> ListView:
    """List the exchange lines that are asked for, with what they can be filtered by."""
    runner, language = query_runner(), current_language()
    iris = current_site().iris
    asked = _asked(iris)
    number = _page_number()
    every = exchanges(runner)
    found = [one for one in every if asked.matches(one)]

    def fill() -> dict[str, object]:
        names = LabelIndex(labels(runner), language)
        last = max(1, -(-len(found) // _PER_PAGE))
        query = asked.query(runner, language.tag.lower())
        return {
            "title": language.translate("navigation.exchanges"),
            "section": "exchanges",
            "count": sum(one.is_held for one in found),
            "total": sum(one.is_held for one in every),
            "found": found[(number - 1) * _PER_PAGE : number * _PER_PAGE],
            "names": names,
            "facets": [_facet(every, one, asked, names) for one in ("city", "year", "kind", "way", "topic")],
            "word": asked.word,
            "hidden": [(name, value) for name, value in _parameters(asked).items() if name != "q"],
            "chart": _by_year(found, asked, language),
            "query": query,
            "editor": address("/sparql", query=query),
            "pages": [(page, _address(asked, page), page == number) for page in range(1, last + 1)] if last > 1 else [],
        }

    return ListView(
        f"exchanges {asked}",
        runner.version,
        language.translate("navigation.exchanges"),
        lambda: _table_of_exchanges(runner, found),
        lambda: show_page("exchanges.html", f"exchanges {asked} {number}", fill, runner.version),
    )


def _table_of_exchanges(runner: QueryRunner, found: Iterable[ExchangeView]) -> DataTable:
    columns = ("iri", "description", "city", "date", "first_day", "last_day", "kind", "direction", "topic")
    rows = [
        (
            *(one.iri, one.description.value, things(runner, one.cities)),
            tuple(occurrence.edtf for occurrence in one.occurrences),
            min((occurrence.start for occurrence in one.occurrences), default=None),
            max((occurrence.end for occurrence in one.occurrences), default=None),
            *(things(runner, iris) for iris in (one.kinds, one.ways, one.topics)),
        )
        for one in found
    ]
    return DataTable("exchanges", columns, rows, frozenset({"city", "kind", "direction", "topic"}))


@listed(blueprint, "/search")
def search() -> ListView:
    """Find things by what they are called, in any script, and lines by their words."""
    runner, language = query_runner(), current_language()
    asked = request.args.get("q", "").strip()[:_MOST_ASKED]

    def fill() -> dict[str, object]:
        found = found_index(runner).find(asked)
        return {
            "title": language.translate("search.title"),
            "searched": asked,
            "count": len(found),
            "found": found[:_MOST_ASKED],
            "names": LabelIndex(labels(runner), language),
            "concept": _CONCEPT,
        }

    def table() -> DataTable:
        found = found_index(runner).find(asked)
        rows = [(one.thing, thing(runner, one.kind), one.text.value, one.matched) for one in found]
        return DataTable("found", ("iri", "kind", "text", "matched"), rows, frozenset({"kind"}), {"searched": asked})

    return ListView(
        f"search {asked}",
        runner.version,
        language.translate("search.title"),
        table,
        lambda: show_page("search.html", f"search {asked}", fill, runner.version),
    )


def _asked(iris: Iris) -> ExchangeFilter:
    """Read the filter from the address: slugs of the city and the concepts, a year, words."""
    given = {
        one.name: request.args.get(_ADDRESS_NAMES.get(one.name, one.name), "").strip() for one in fields(ExchangeFilter)
    }
    if given["year"] and not (
        given["year"].isascii() and given["year"].isdigit() and len(given["year"]) == len("2016")
    ):
        raise _no_number("year", given["year"])
    minted = {name: iris.concept(scheme, given[name]) for name, scheme in _SCHEMES.items() if given[name]}
    city = iris.resource("municipality", given["city"]) if given["city"] else ""
    return replace(ExchangeFilter(**{**given, "city": city}), **minted)


def _page_number() -> int:
    given = request.args.get("page", "1")
    if given.isascii() and given.isdigit() and int(given[:6]) > 0:
        return int(given[:6])
    raise _no_number("page", given)


def _no_number(name: str, given: str) -> RequestError:
    return RequestError(
        Message("request.not_a_number", name=name, given=given[:20]),
        cure=Message("request.not_a_number_cure"),
    )


def _parameters(asked: ExchangeFilter) -> dict[str, str]:
    """Return the filter as it stands in an address."""
    values = {_ADDRESS_NAMES.get(one.name, one.name): str(getattr(asked, one.name)) for one in fields(ExchangeFilter)}
    return {name: value.rpartition("/")[2] if name != "q" else value for name, value in values.items() if value}


def _address(asked: ExchangeFilter, page: int = 1) -> str:
    number = {"page": str(page)} if page > 1 else {}
    return address("/exchanges", **{**_parameters(asked), **number})


def _facet(every: tuple[ExchangeView, ...], dimension: Dimension, asked: ExchangeFilter, names: LabelIndex) -> Facet:
    """Count what each value would list; years from the latest, others from the most frequent."""
    counted = counts(every, dimension, asked)
    chosen = getattr(asked, dimension)
    by_year = dimension == "year"
    order = sorted(counted, reverse=True) if by_year else sorted(counted, key=lambda value: (-counted[value], value))
    options = tuple(
        Option(
            Label(value, "") if by_year else names(value),
            counted[value],
            _address(asked.without(dimension) if value == chosen else replace(asked, **{dimension: value})),
            value == chosen,
        )
        for value in order
    )
    return Facet(f"facet.{dimension}", options, _address(asked.without(dimension)) if chosen else "")


def _by_year(found: list[ExchangeView], asked: ExchangeFilter, language: Language) -> Picture | None:
    """Draw how many of the lines that are listed fall into each year, from the first to the last."""
    counted = counts(found, "year", ExchangeFilter())
    if len(counted) < 2:  # noqa: PLR2004 - one bar says no more than the heading
        return None
    years = map(str, range(min(map(int, counted)), max(map(int, counted)) + 1))
    bars = [
        Bar(year, counted.get(year, 0), _address(replace(asked, year=year)) if counted.get(year) else "")
        for year in years
    ]
    t = language.translate
    texts = ChartTexts(t("chart.years"), t("chart.years.description"), t("facet.year"), t("chart.count"))
    return draw_bars(bars, texts)
