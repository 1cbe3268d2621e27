"""The endpoint ``/downloads/``: the distributions of the current version."""

from __future__ import annotations

import gzip
import json
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from kg.build import NAMES, SLICES, list_distributions, read_distribution
from kg.rdf import CONTEXT, CSV, GRAPH_FORMS, TABLE_NAMES, media_type_of_name, named, of_media_type
from kg.store import Version
from kg.web.api.addresses import file_address, version_named
from kg.web.api.datetime_negotiation import own_address, requested_version
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found
from kg.web.http.format_choice import asks_for_page, formats_asked
from kg.web.http.list_forms import TABLE_FORMS
from kg.web.http.negotiation import choose_media_type
from kg.web.http.protocol import read_pairs
from kg.web.http.responses import answer, not_modified, ranged
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.tabular import DataTable, ListView, answer_table
from kg.web.site import current_site

blueprint = Blueprint("resources", __name__)

_OFFERS = ("application/json", "text/html", "text/csv")


@blueprint.get("/downloads/", strict_slashes=False)
def index() -> Response:
    """List the distributions, as a page, as JSON or as CSV."""
    asked = formats_asked(read_pairs(request.query_string))
    return _index(asked[0] if asked else choose_media_type(request.headers.get("Accept"), _OFFERS) or _OFFERS[0])


@blueprint.get("/downloads.<ending>")
def index_as(ending: str) -> Response:
    """List the distributions in the format that the address names."""
    return _index(ending)


def _index(format_: str) -> Response:
    version = requested_version(current_site(), address=own_address())
    form = named(format_, TABLE_FORMS)
    media_type = form.media_type if form else "text/html"
    if form is None and not asks_for_page((format_,)):
        raise not_found(request.path)
    if form is CSV:
        return answer_table(
            form,
            ListView(
                "downloads", version, current_language().translate("navigation.downloads"), partial(_table, version)
            ),
        )
    if media_type == "text/html":
        return show_page(
            "downloads.html", "downloads", lambda: {"version": version, "parts": _by_part(_listed(version)[0])}, version
        )
    validators = Validators(version, f"downloads {media_type}")
    kept = not_modified(validators)
    if kept is not None:
        return kept
    listed, refused = _listed(version)
    graphs = current_site().iris.queried_graphs()
    about = {"version": version.number, "facts": dict(version.facts), "graphs": graphs}
    document = {**about, "files": listed, "refused": refused}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return answer(f"{text}\n".encode(), media_type, validators)


@blueprint.get("/downloads/<name>")
def file(name: str) -> Response:
    """Send a distribution or a range of it; ``.gz`` after its name sends it compressed."""
    version = requested_version(current_site(), address=own_address())
    if name.startswith("all."):
        response = Response(status=308)
        response.headers["Location"] = file_address(
            f"/downloads/kg.{name.removeprefix('all.')}", version=version_named()
        )
        return response
    plain = name if name in NAMES else name.removesuffix(".gz")
    if plain not in NAMES:
        raise not_found(request.path)
    validators = Validators(version, f"downloads {name}")
    kept = not_modified(validators)
    if kept is not None:
        return kept
    content = read_distribution(version, current_site().settings, plain)
    body = content if plain == name else gzip.compress(content, 9, mtime=0)
    media_type = media_type_of_name(name)
    return ranged(answer(body, media_type, validators, of_media_type(media_type, GRAPH_FORMS)))


def _by_part(files: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the files of each part of the data, those for newcomers first."""
    parts: dict[str, list[dict[str, Any]]] = {part: [] for part in ("nested", "tables", "domain", *SLICES[2:], "kg")}
    for file in files:
        name = file["name"]
        stem = "kg" if name == CONTEXT else name.partition(".")[0]
        is_table = name in TABLE_NAMES
        parts["tables" if is_table else stem if stem in SLICES else "nested"].append(file)
    return [(part, found) for part, found in parts.items() if found]


def _table(version: Version) -> DataTable:
    columns = ("name", "media_type", "bytes", "sha256")
    return DataTable("files", columns, [tuple(map(file.get, columns)) for file in _listed(version)[0]])


def _listed(version: Version) -> tuple[list[dict[str, Any]], dict[str, dict[str, str]]]:
    files, refused = list_distributions(version, current_site().settings)
    rows = [
        {"name": file.name, "media_type": media_type_of_name(file.name), "bytes": file.bytes, "sha256": file.sha256}
        for file in files
    ]
    return rows, {name: dict(why.texts()) for name, why in refused.items()}
