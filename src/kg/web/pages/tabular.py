"""Lists as data: one table, written as JSON, CSV and GeoJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from itertools import islice
from typing import Any, ParamSpec
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, g, request

from kg.locales import LANGUAGES, Language
from kg.rdf import CSV, Form, csv_table, media_types, rights
from kg.store import Version
from kg.web.api.addresses import root
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found, not_on_offer
from kg.web.http.format_choice import PAGE, PARAMETERS, asks_for_page, choose, formats_asked
from kg.web.http.list_forms import GEOJSON, LISTS
from kg.web.http.memento import LONGEST_ADDRESS
from kg.web.http.negotiation import choose_media_type
from kg.web.http.protocol import read_pairs
from kg.web.http.responses import answer, not_modified
from kg.web.pages.frame import VARY, current_language
from kg.web.pages.queries.facts import Texts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.reader import LabelIndex, labels
from kg.web.site import current_site

_Names = ParamSpec("_Names")
_MOST_IN_NAME, _MOST_VALUES_IN_NAME = 40, 6
"""Characters of a value, and values, in the name of a file: names are 255 bytes long at most."""
_ENDINGS = frozenset(f".{one.extension}" for found in LISTS.values() for one in found.forms)
_OF_THE_PAGE = frozenset({*PARAMETERS, "page"})


@dataclass(frozen=True)
class Named:
    """A thing in a cell: its IRI (none where only its names are of interest), and its names by language tag."""

    iri: str
    texts: Texts


Cell = str | int | float | None | Named | tuple["Cell", ...]
Coordinates = tuple[float, float]
"""Longitude and latitude, as GeoJSON has them."""


@dataclass(frozen=True)
class DataTable:
    """Rows under columns, whose headings are the messages ``column.…``.

    ``things`` are the columns of things, which have a column of IRIs in CSV. ``about`` are further members of the JSON
    object that has the rows under ``name``. ``coordinates`` are those of the rows in order.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    things: frozenset[str] = frozenset()
    about: Mapping[str, object] = field(default_factory=dict)
    coordinates: Sequence[Coordinates | None] = ()


@dataclass(frozen=True)
class ListView:
    """What a list is answered with; the key tells its answers in one version apart. ``title`` names its files.

    Without a version it may change at any time, and no cache may keep it.
    """

    key: str
    version: Version | None
    title: str
    table: Callable[[], DataTable]
    page: Callable[[], Response] = Response


def thing(runner: QueryRunner, iri: str) -> Cell:
    """Return a place, a concept or a term as a cell."""
    return Named(iri, LabelIndex(labels(runner), current_language()).texts(iri)) if iri else None


def things(runner: QueryRunner, iris: Iterable[str]) -> tuple[Cell, ...]:
    """Return several of them."""
    return tuple(thing(runner, iri) for iri in iris)


def number(text: str) -> int | float:
    """Return a figure as JSON has it.

    >>> number("710000"), number("23.4")
    (710000, 23.4)
    """
    return float(text) if set(text) & set(".eE") else int(text)


def listed(blueprint: Blueprint, path: str) -> Callable[[Callable[_Names, ListView]], Callable[_Names, ListView]]:
    """Serve a list of ``LISTS`` at its path in the format that the client prefers, and with each ending."""
    rule = path.replace("{", "<").replace("}", ">")

    def register(view: Callable[_Names, ListView]) -> Callable[_Names, ListView]:
        @wraps(view)
        def chosen(*args: _Names.args, **names: _Names.kwargs) -> Response:
            form = _chosen(path)
            return _answered(path, form, view(*args, **names))

        def as_named(ending: str, *args: _Names.args, **names: _Names.kwargs) -> Response:
            form = next((one for one in LISTS[path].forms if one.extension == ending), None)
            if form is None:
                raise not_found(request.path)
            return _answered(path, form, view(*args, **names))

        name = getattr(view, "__name__", path)
        blueprint.add_url_rule(rule, name, chosen)
        blueprint.add_url_rule(f"{rule}.<ending>", f"{name}_as", as_named)
        return view

    return register


def _chosen(path: str) -> Form | None:
    """Return the format that the client prefers, None for the page.

    :raises NotAcceptableError: it accepts none
    """
    forms = LISTS[path].forms
    asked, accept = formats_asked(read_pairs(request.query_string)), request.headers.get("Accept")
    is_page = asks_for_page(asked) if asked else choose_media_type(accept, (PAGE, *media_types(forms))) == PAGE
    choice = None if is_page else choose(forms, asked, accept)
    if choice is None and not is_page:
        raise not_on_offer((PAGE, *media_types(forms)))
    return choice.form if choice else None


def _answered(path: str, form: Form | None, view: ListView) -> Response:
    g.list_forms = [(one, address_as(request.path, one)) for one in LISTS[path].forms]
    response = answer_table(form, view) if form else view.page()
    others = [(one.media_type, address) for one, address in g.list_forms if one is not form]
    others += [(PAGE, address_as(request.path))] if form else []
    links = [
        f'<{address}>; rel="alternate"; type="{name}"' for name, address in others if len(address) <= LONGEST_ADDRESS
    ]
    if links:  # longer ones would exceed what clients take in a header field
        response.headers["Link"] = ", ".join(links)
    return response


def address_as(path: str, form: Form | None = None) -> str:
    """Return the full address of a list, with what it is filtered by, in a format, or without one."""
    plain = next((path.removesuffix(one) for one in _ENDINGS if path.endswith(one)), path)
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in _OF_THE_PAGE]
    ending = f".{form.extension}" if form else ""
    return f"{root()}{quote(plain[1:])}{ending}{'?' if query else ''}{urlencode(query)}"


def answer_table(form: Form, view: ListView) -> Response:
    """Answer with a list in a format; CSV has its headings in the reader's language."""
    language = current_language()
    key = f"{view.key} {language.code if form is CSV else ''}"
    validators = Validators(view.version, key, form.media_type) if view.version else None
    response = not_modified(validators) if validators else None
    if response is None:
        about = {**({"version": view.version.number} if view.version else {}), **_rights()}
        response = answer(write_table(view.table(), form, about, language), form.media_type, validators)
    response.headers["Vary"] = VARY
    if form is CSV:
        response.headers["Content-Language"] = language.tag
        response.headers["Content-Disposition"] = _disposition(view.title)
    return response


def _rights() -> Mapping[str, object]:
    licence = current_site().settings.license
    words = rights(licence)
    return {"license": licence or None, "rights": {one.code: words.in_language(one.code) for one in LANGUAGES}}


def _disposition(title: str) -> str:
    """Return what names the file (RFC 6266): by its title, in ASCII by the path of the list and its filter."""
    given = (value for name, value in request.args.items(multi=True) if name not in {*_OF_THE_PAGE, "lang", "version"})
    values = [value[:_MOST_IN_NAME] for value in islice(given, _MOST_VALUES_IN_NAME)]
    words = [*request.path.removesuffix(".csv").strip("/").split("/"), *values]
    plain = "-".join(filter(None, (re.sub(r"[^A-Za-z0-9-]", "", word) for word in words)))
    named = quote(" ".join([current_language().translate("table.file_name", title=title), *values]), safe="")
    return f"attachment; filename=\"seocho-{plain}.csv\"; filename*=UTF-8''{named}.csv"


def write_table(table: DataTable, form: Form, about: Mapping[str, object], language: Language) -> bytes:
    """Write a table in a format; ``about`` are the first members of a JSON object."""
    if form is CSV:
        return _csv(table, language)
    rows = [dict(zip(table.columns, map(_json, row), strict=True)) for row in table.rows]
    content = _features(table, rows) if form is GEOJSON else {table.name: rows}
    document = {**about, **table.about, **content}
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def _features(table: DataTable, rows: list[dict[str, Any]]) -> Mapping[str, object]:
    """Return the members of a feature collection (RFC 7946); a row without coordinates has no geometry."""
    features = [
        {
            "type": "Feature",
            **({"id": row["iri"]} if "iri" in row else {}),
            "geometry": {"type": "Point", "coordinates": place} if place else None,
            "properties": row,
        }
        for row, place in zip(rows, table.coordinates, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _json(cell: Cell) -> object:
    if isinstance(cell, tuple):
        return [_json(one) for one in cell]
    if not isinstance(cell, Named):
        return cell
    chosen = ((one, one.label(cell.texts)) for one in LANGUAGES)
    names = {one.code: str(label) for one, label in chosen if label and label.tag.partition("-")[0] == one.code}
    return {"iri": cell.iri, "name": names} if cell.iri else names


def _csv(table: DataTable, language: Language) -> bytes:
    headings: list[str] = []
    for column in table.columns:
        heading = language.translate(f"column.{column}")
        iri = [language.translate("table.iri_of", heading=heading)] if column in table.things else []
        headings += [heading, *iri]
    return csv_table(tuple(headings), (tuple(_csv_row(table, row, language)) for row in table.rows))


def _csv_row(table: DataTable, row: tuple[Cell, ...], language: Language) -> list[str]:
    cells: list[str] = []
    for column, cell in zip(table.columns, row, strict=True):
        values = cell if isinstance(cell, tuple) else (cell,)
        cells.append("; ".join(_text(value, language) for value in values if value is not None))
        if column in table.things:
            cells.append(" ".join(value.iri for value in values if isinstance(value, Named)))
    return cells


def _text(cell: Cell, language: Language) -> str:
    if isinstance(cell, Named):
        return str(language.label(cell.texts) or cell.iri)
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
