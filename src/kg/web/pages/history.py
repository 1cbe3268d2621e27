"""The endpoint ``/history``: every version, what it changed, the way back; as pages, JSON, RDF and a feed."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from kg.build import version_iri, version_lines
from kg.rdf import CSV, GRAPH_FORMS, convert_lines, media_types, named, of_media_type, prefixes
from kg.store import CommitInfo
from kg.web.api import feed
from kg.web.http import list_forms
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found, not_on_offer
from kg.web.http.format_choice import formats_asked
from kg.web.http.negotiation import choose_media_type
from kg.web.http.protocol import read_pairs
from kg.web.http.responses import answer, not_modified
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.tabular import DataTable, ListView, answer_table
from kg.web.site import Site, current_site

blueprint = Blueprint("history", __name__)

PAGE, JSON = "text/html", "application/json"
_OFFERS = (PAGE, JSON, *media_types(GRAPH_FORMS), CSV.media_type, feed.MEDIA_TYPE)
_OF_ONE = _OFFERS[:-2]
_ENDINGS = {"html": PAGE, "json": JSON, "csv": CSV.media_type, "atom": feed.MEDIA_TYPE}
_COLUMNS = ("version", "iri", "time", "author", "message", "kind", "added", "removed", "warnings", "kept", "pinned")
_AT_ONCE = 100
_IN_FEED = 50


@blueprint.get("/history")
def index() -> Response:
    """List the versions, the latest first, in the form that the client prefers."""
    asked = formats_asked(read_pairs(request.query_string))
    return _index(_of_ending(asked[0]) if asked else chosen(_OFFERS))


@blueprint.get("/history.<ending>")
def index_as(ending: str) -> Response:
    """List the versions in the form that the address names."""
    return _index(_of_ending(ending))


@blueprint.get("/history/<int:number>")
def one(number: int) -> Response:
    """Show the commit info of a version, in the format that the client prefers."""
    return _one(number, chosen(_OF_ONE))


@blueprint.get("/history/<int:number>.<ending>")
def one_as(number: int, ending: str) -> Response:
    """Show the commit info of a version in the format that the address names."""
    return _one(number, _of_ending(ending))


def chosen(offers: tuple[str, ...]) -> str:
    """Return the media type that the client prefers.

    :raises NotAcceptableError: it accepts none of them
    """
    media_type = choose_media_type(request.headers.get("Accept"), offers)
    if media_type is None:
        raise not_on_offer(offers)
    return media_type


def commit_info_of(site: Site, number: int) -> CommitInfo:
    """Return the commit info of a version.

    :raises NotFoundError: there never was one
    """
    current = site.version()
    if not 0 < number <= current.number:
        raise not_found(request.path)
    return site.store.log.commit_info(number)


def as_object(site: Site, commit_info: CommitInfo) -> dict[str, Any]:
    """Return the commit info of a version as a JSON object."""
    log = site.store.log
    kept = "full" if log.has_snapshot(commit_info.number) else "folded" if log.is_kept(commit_info.number) else "pruned"
    return {
        "version": commit_info.number,
        "iri": version_iri(commit_info.number, site.iris),
        "time": commit_info.time.isoformat(),
        "author": commit_info.author,
        "message": commit_info.message,
        "kind": commit_info.kind,
        "facts": dict(commit_info.facts),
        "added": commit_info.added,
        "removed": commit_info.removed,
        "warnings": commit_info.warnings,
        "kept": kept,
        "pinned": commit_info.number in site.store.pins.listed(),
        "current": commit_info.number == site.version().number,
    }


def _of_ending(ending: str) -> str:
    form = named(ending, GRAPH_FORMS) if ending in {form.extension for form in GRAPH_FORMS} else None
    if form is None and ending not in _ENDINGS:
        raise not_found(request.path)
    return form.media_type if form else _ENDINGS[ending]


def _index(media_type: str) -> Response:
    site = current_site()
    version = site.version()
    if media_type in (PAGE, JSON, CSV.media_type):
        return _listed(site, media_type)
    validators = Validators(version, f"history {media_type} {request.host_url}")
    kept = not_modified(validators)
    if kept is not None:
        return kept
    if media_type == feed.MEDIA_TYPE:
        body = feed.feed(site.store.commits()[-_IN_FEED:], site.iris, request.url_root)
        return answer(body, media_type, validators)
    return _in_form(site, site.history_cache.lines(version), media_type, validators)


def _listed(site: Site, media_type: str) -> Response:
    """List so many versions before the one that ``?before=`` names; what is pinned may change at any time."""
    before = request.args.get("before", default=0, type=int) or site.version().number + 1
    commits = [commit for commit in site.store.commits() if commit.number < before]
    shown = [as_object(site, commit) for commit in reversed(commits[-_AT_ONCE:])]
    earlier = shown[-1]["version"] if len(commits) > _AT_ONCE else None
    if media_type == PAGE:
        days = [
            {**version, "day": commit_info.time.date()}
            for version, commit_info in zip(shown, reversed(commits), strict=False)
        ]
        return show_page("history.html", "history", lambda: {"versions": days, "earlier": earlier})
    form = CSV if media_type == CSV.media_type else list_forms.JSON
    title = current_language().translate("history.title")

    def table() -> DataTable:
        columns = _COLUMNS if form is CSV else tuple(shown[0])
        return DataTable(
            "versions", columns, [tuple(map(version.get, columns)) for version in shown], about={"before": earlier}
        )

    return answer_table(form, ListView("history", None, title, table=table))


def _one(number: int, media_type: str) -> Response:
    site = current_site()
    commit_info = commit_info_of(site, number)
    if media_type == PAGE:
        shown = {**as_object(site, commit_info), "day": commit_info.time.date()}
        return show_page("version.html", "version", lambda: {"version": shown})
    if media_type == JSON:
        document = json.dumps(as_object(site, commit_info), ensure_ascii=False, indent=1)
        return answer(f"{document}\n".encode(), JSON, None)
    if media_type not in _OF_ONE:
        raise not_found(request.path)
    validators = Validators(site.version(), f"version {number} {media_type}")
    return _in_form(site, version_lines(commit_info, site.iris), media_type, validators)


def _in_form(site: Site, lines: bytes, media_type: str, validators: Validators) -> Response:
    form = of_media_type(media_type, GRAPH_FORMS)
    assert form, media_type  # noqa: S101 - only these are on offer
    return answer(convert_lines(lines, form, prefixes(site.iris)), media_type, validators, form)
