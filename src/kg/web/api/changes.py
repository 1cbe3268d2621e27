"""The endpoints of a version: ``/history/{n}/diff``, restore and pin."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from flask import Blueprint, Response, request

from kg.build import version_iri, versions_in_words
from kg.diff import Patch
from kg.domain import GoneError, Iris, RequestError
from kg.locales import Message
from kg.rdf import Language
from kg.store import Pin
from kg.web.api.datetime_negotiation import refuse_past_version
from kg.web.api.write_requests import note, pass_commit_point, preconditions, restore
from kg.web.http.authorization import require
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found
from kg.web.http.responses import answer, not_modified
from kg.web.pages.frame import show_page
from kg.web.pages.history import JSON, PAGE, as_object, chosen, commit_info_of
from kg.web.site import Site, current_site

blueprint = Blueprint("changes", __name__)

RDF_PATCH = "application/rdf-patch"
N_QUADS = "application/n-quads"
_ENDINGS = {"html": PAGE, "json": JSON, "rdfp": RDF_PATCH}
_SHOWN = 200
_MOST_IN_WORDS = 100_000
_LANGUAGES: tuple[Language, ...] = ("ko", "en", "zh")


@blueprint.get("/history/<int:number>/diff")
def diff(number: int) -> Response:
    """Show what a version changed, or what changed since ``?from=``, in the form that the client prefers."""
    return _diff(number, chosen((PAGE, JSON, RDF_PATCH)))


@blueprint.get("/history/<int:number>/diff.<ending>")
def diff_as(number: int, ending: str) -> Response:
    """Show what a version changed in the form that the address names."""
    if ending not in _ENDINGS:
        raise not_found(request.path)
    return _diff(number, _ENDINGS[ending])


@blueprint.get("/history/<int:number>/<any(added, removed):part>.nq")
def lines(number: int, part: str) -> Response:
    """Send the quads that a version added or removed."""
    site = current_site()
    first = _first(site, number)
    validators = Validators(site.version(), f"{part} {first} {number}")
    kept = not_modified(validators)
    if kept is not None:
        return kept
    found = getattr(_patch(site, first, number), part)
    return answer("".join(f"{line}\n" for line in found).encode(), N_QUADS, validators)


@blueprint.post("/history/<int:number>/restore")
def restored(number: int) -> Response:
    """Commit the content of an earlier version again; do nothing if it is the current content."""
    token, site = require("moderate"), current_site()
    refuse_past_version()
    commit_info_of(site, number)
    before, asked = site.version(), preconditions()
    version = restore(site, number, token, lambda current: asked.check(current, lambda _: "", lambda _: True))
    response = Response(
        f"{json.dumps(as_object(site, version.commit_info), ensure_ascii=False, indent=1)}\n",
        status=201 if version.number != before.number else 200,
        mimetype=JSON,
    )
    response.headers["Location"] = f"{request.url_root}history/{version.number}"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.put("/history/<int:number>/pin")
def pin(number: int) -> Response:
    """Pin a version; ``?message=`` is the reason."""
    token, site = require("moderate"), current_site()
    commit_info_of(site, number)
    pass_commit_point()
    site.store.pin(number, Pin(token.name, note(), site.clock().isoformat(timespec="seconds")))
    return Response(status=204)


@blueprint.delete("/history/<int:number>/pin")
def unpin(number: int) -> Response:
    """Unpin a version."""
    require("moderate")
    site = current_site()
    commit_info_of(site, number)
    pass_commit_point()
    site.store.unpin(number)
    return Response(status=204)


def rdf_patch(patch: Patch, first: int, number: int, iris: Iris) -> bytes:
    """Serialize a changeset as RDF Patch; empty graphs that were created or dropped are comments.

    Source: https://afs.github.io/rdf-delta/rdf-patch.html.
    """
    rows = [f"H id <{version_iri(number, iris)}> ."]
    rows += [f"H prev <{version_iri(first, iris)}> ."] if first else []
    rows.append("TX .")
    rows += [f"# graph created: {name}" for name in patch.created]
    rows += [f"A {line}" for line in patch.added]
    rows += [f"D {line}" for line in patch.removed]
    rows += [f"# graph dropped: {name}" for name in patch.dropped]
    rows.append("TC .")
    return "".join(f"{row}\n" for row in rows).encode()


def _diff(number: int, media_type: str) -> Response:
    site = current_site()
    first = _first(site, number)
    if media_type == PAGE:
        return show_page("diff.html", f"diff {first} {number}", lambda: _page(site, first, number), site.version())
    validators = Validators(site.version(), f"diff {first} {number} {media_type}")
    kept = not_modified(validators)
    if kept is not None:
        return kept
    patch = _patch(site, first, number)
    if media_type == RDF_PATCH:
        return answer(rdf_patch(patch, first, number, site.iris), media_type, validators)
    told = {**_as_object(patch, first, number), "sentences": _in_words(site, patch, first, number)}
    return answer(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode(), JSON, validators)


def _page(site: Site, first: int, number: int) -> dict[str, object]:
    """Return what the page of a change shows: the change in words, and the first lines of what came and went."""
    patch = _patch(site, first, number)
    shown = {part: list(islice(getattr(patch, part), _SHOWN)) for part in ("added", "removed")}
    told = _in_words(site, patch, first, number)
    return {"patch": patch, "shown": shown, "first": first, "number": number, "told": told}


def _first(site: Site, number: int) -> int:
    """Return the version that another is compared with: what ``?from=`` says, else the one before (0: nothing)."""
    commit_info_of(site, number)
    text = request.args.get("from")
    if text is None:
        return number - 1
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):  # noqa: PLR2004 - nine digits
        raise RequestError(
            Message("request.from", text=text[:100]),
            cure=Message("request.from_cure"),
        )
    return commit_info_of(site, int(text)).number


def _patch(site: Site, first: int, number: int) -> Patch:
    return site.store.patch(number) if first == number - 1 else site.store.changes_between(first, number)


def _in_words(site: Site, patch: Patch, first: int, number: int) -> dict[str, list[str]]:
    """Return what changed in sentences, by language; nothing for the first version or a change of very much.

    Nor for a version that cannot be compared because the one before it is expired.
    """
    if not first or len(patch.added) + len(patch.removed) > _MOST_IN_WORDS:
        return {}
    try:
        return {
            language: list(versions_in_words(site.store, (first, number), site.settings, language))
            for language in _LANGUAGES
        }
    except GoneError:
        return {}


def _as_object(patch: Patch, first: int, number: int) -> dict[str, Any]:
    return {
        "from": first or None,
        "to": number,
        "added": patch.added,
        "removed": patch.removed,
        "graphs_created": patch.created,
        "graphs_dropped": patch.dropped,
    }
