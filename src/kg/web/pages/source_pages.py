"""The endpoints ``/source``, source pages as printed, and ``/quality``, the findings on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flask import Blueprint, Response, request

from kg.source import cure_key
from kg.web.api.addresses import address
from kg.web.http.errors import not_found
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.queries.descriptions import DoubtView
from kg.web.pages.queries.sources import number_term, read_lines, read_mark
from kg.web.pages.queries.terms import iri
from kg.web.pages.reader import LabelIndex, doubts, labels, query_runner
from kg.web.pages.tabular import Cell, DataTable, ListView, Named, listed
from kg.web.site import current_site

blueprint = Blueprint("printed", __name__)

_SEVERITIES = ("error", "warning", "note")


@blueprint.get("/source", strict_slashes=False)
def index() -> Response:
    """List the pages that the graph was read from; where there is one alone, lead on to it."""
    runner, language = query_runner(), current_language()
    facts = runner.facts("pages")
    pages = list(facts)
    if len(pages) == 1:
        response = Response(status=302)
        response.headers["Location"] = address(f"/source/{pages[0].rpartition('/')[2]}")
        return response

    def fill() -> dict[str, object]:
        names = LabelIndex(facts, language)
        listed = [(names(page), f"/source/{page.rpartition('/')[2]}") for page in pages]
        return {"title": language.translate("navigation.source"), "section": "source", "pages": listed}

    return show_page("sources.html", "sources", fill, runner.version)


@blueprint.get("/source/<name>")
def page(name: str) -> Response:
    """Show a page as it was printed, with the words marked that ``?mark=line.start-end`` names."""
    runner, language = query_runner(), current_language()
    found = current_site().iris.resource("page", name)
    lines = read_lines(runner, found, tuple(one for one in doubts(runner) if not one.is_style))
    if not lines:
        raise not_found(request.path)
    mark = read_mark(request.args.get("mark", ""))

    def fill() -> dict[str, object]:
        facts = runner.facts("pages")
        read = runner.facts("read-from", page=[iri(found)], number=[number_term(mark.line)]) if mark else None
        return {
            "title": LabelIndex(facts, language)(found),
            "section": "source",
            "page": found,
            "lines": lines,
            "mark": mark,
            "read": [(LabelIndex(read, language)(one), one) for one in read] if read else [],
            "facts": facts,
            "severities": _SEVERITIES,
        }

    return show_page("source.html", f"source {name} {mark}", fill, runner.version)


@listed(blueprint, "/quality")
def quality() -> ListView:
    """Show the findings on the pages, by severity and by rule."""
    runner, language = query_runner(), current_language()
    severity, rule = request.args.get("severity", ""), request.args.get("rule", "")
    every = doubts(runner)
    asked = (one for one in every if severity in {"", one.severity} and rule in {"", one.rule})
    shown = [one for one in asked if severity or rule or not one.is_style]

    def fill() -> dict[str, object]:
        return {
            "title": language.translate("quality.title"),
            "section": "quality",
            "severities": [(one, _count(every, one), address("/quality", severity=one)) for one in _SEVERITIES],
            "rules": [(name, count, address("/quality", rule=name)) for name, count in _by_rule(every)],
            "shown": sorted(shown, key=lambda one: _SEVERITIES.index(one.severity)),
            "is_filtered": len(shown) != len(every),
            "total": len(every),
            "names": LabelIndex(labels(runner), language),
            "cure_key": cure_key,
        }

    key = f"quality {severity} {rule}"
    return ListView(
        key,
        runner.version,
        language.translate("quality.title"),
        lambda: _table_of_doubts(shown),
        lambda: show_page("quality.html", key, fill, runner.version),
    )


def _table_of_doubts(found: Iterable[DoubtView]) -> DataTable:
    columns = ("iri", "severity", "rule", "page", "line", "start", "end", "printed", "reading", "reason")
    rows: list[tuple[Cell, ...]] = [
        (
            *(one.iri, one.severity, one.rule),
            *((one.source.page, one.source.line, one.source.start, one.source.end) if one.source else (None,) * 4),
            *(one.printed, one.reading or None, Named("", one.reason)),
        )
        for one in found
    ]
    return DataTable("doubts", columns, rows)


def _count(found: Iterable[DoubtView], severity: str) -> int:
    return sum(one.severity == severity for one in found)


def _by_rule(found: Iterable[DoubtView]) -> list[tuple[str, int]]:
    counted = Counter(one.rule for one in found)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
