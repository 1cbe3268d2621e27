"""The endpoint ``/graphs``: the Graph Store HTTP Protocol, graphs named directly and by ``?graph=``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, request

from kg.build import HISTORY
from kg.domain import MediaTypeError, RequestError
from kg.locales import Message
from kg.rdf import (
    GRAPH_FORMS,
    JSON_LD,
    N_TRIPLES,
    READ_FORMS,
    Form,
    convert_lines,
    embed_context,
    media_types,
    of_media_type,
    prefixes,
)
from kg.store import Change, Document, Version, graph_not_found, protected_graph_error
from kg.web.api.addresses import root
from kg.web.api.datetime_negotiation import own_address, refuse_past_version, requested_version
from kg.web.api.write_requests import preconditions, write
from kg.web.http.authorization import require
from kg.web.http.complete_response import Validators
from kg.web.http.format_choice import Choice, choose, first_representable, formats_asked
from kg.web.http.json_ld import context_address
from kg.web.http.multipart import parts
from kg.web.http.protocol import BYTE_ORDER_MARK, absolute_iri, media_type_of, read_pairs
from kg.web.http.responses import answer, not_modified
from kg.web.site import Site, current_site

blueprint = Blueprint("graph_store", __name__)

_NAMING = ("graph", "default")


@blueprint.get("/graphs/<path:name>")
@blueprint.get("/graphs", strict_slashes=False)
def read(name: str = "") -> Response:
    """Send a graph in the form that the client prefers."""
    site = current_site()
    graph = _named(site, name)
    version = requested_version(site, address=own_address())
    asked, accept = formats_asked(read_pairs(request.query_string)), request.headers.get("Accept")
    choices = partial(choose, GRAPH_FORMS, asked, accept)
    return first_representable(choices, partial(_read, site, version, graph))


def _read(site: Site, version: Version, graph: str | None, choice: Choice) -> Response:
    validators = _validators(version, graph, choice.media_type)
    kept = not_modified(validators)
    if kept is not None:
        return kept
    body = _graph(site, version, graph, choice.form)
    if body is None:
        raise graph_not_found(graph or "")
    return answer(body, choice.media_type, validators, choice.form)


@blueprint.put("/graphs/<path:name>")
@blueprint.put("/graphs", strict_slashes=False)
def replace(name: str = "") -> Response:
    """Replace a graph."""
    return _changed("replace", name)


@blueprint.post("/graphs/<path:name>")
@blueprint.post("/graphs", strict_slashes=False)
def add(name: str = "") -> Response:
    """Add triples to a graph, to a new one where none is named."""
    return _changed("add", name)


@blueprint.delete("/graphs/<path:name>")
@blueprint.delete("/graphs", strict_slashes=False)
def remove(name: str = "") -> Response:
    """Remove a graph."""
    token, site = require("write"), current_site()
    graph = _to_be_changed(site, name)
    write(site, Change("remove", request.base_url, graph=graph), token, _only_if(graph))
    return Response(status=204)


def _changed(kind: str, name: str) -> Response:
    token, site = require("write"), current_site()
    documents = _documents()
    is_new = kind == "add" and not name and not any(key in _NAMING for key, _ in read_pairs(request.query_string))
    graph = _new_name(site, documents) if is_new else _to_be_changed(site, name)
    base_iri = graph or site.iris.document("graphs")
    change = Change("replace" if kind == "replace" else "add", base_iri, graph=graph, documents=documents)
    made = write(site, change, token, _only_if(graph))
    response = made.answered(204 if made.existed else 201)
    if graph and not made.existed:
        response.headers["Location"] = site.reached(graph, root())
    return response


def _graph(site: Site, version: Version, graph: str | None, form: Form) -> bytes | None:
    if graph == site.iris.graph(HISTORY):
        return convert_lines(site.history_cache.lines(version), form, prefixes(site.iris))
    return site.evaluator.graph(version, graph, form)


def _validators(version: Version, graph: str | None, media_type: str = "") -> Validators:
    return Validators(version, f"graph {graph}", media_type)


def _only_if(graph: str | None) -> Callable[[Version | None], None]:
    """Return what lets the request through if the graph is in the state that the request says."""
    asked, site = preconditions(), current_site()

    def state(version: Version) -> str:
        return _validators(version, graph).state

    return lambda current: asked.check(
        current, state, lambda version: _graph(site, version, graph, N_TRIPLES) is not None
    )


def _to_be_changed(site: Site, name: str) -> str | None:
    """Return the IRI of the graph that the request is to change.

    :raises ForbiddenError: it is made from the record of the versions
    """
    refuse_past_version()
    graph = _named(site, name)
    if graph == site.iris.graph(HISTORY):
        raise protected_graph_error(graph)
    return graph


def _named(site: Site, name: str) -> str | None:
    """Return the IRI of the graph that the request names, or None for the default graph."""
    pairs = read_pairs(request.query_string)
    graphs = [value for key, value in pairs if key == "graph"]
    defaults = [value for key, value in pairs if key == "default"]
    if name and not graphs and not defaults:
        return absolute_iri(site.iris.graph(name), "path")
    if name or len(graphs) + len(defaults) != 1:
        raise RequestError(
            Message("request.one_graph"),
            cure=Message("request.one_graph_cure"),
        )
    return site.minted(absolute_iri(graphs[0], "graph"), root()) if graphs else None


def _new_name(site: Site, documents: tuple[Document, ...]) -> str:
    """Mint a name from the content and the version it is added to: the same request twice makes two graphs."""
    digest = hashlib.sha256(site.version().identity.encode())
    for document in documents:
        digest.update(document.content)
    return site.iris.graph(digest.hexdigest()[:32])


def _documents() -> tuple[Document, ...]:
    content_type = request.headers.get("Content-Type")
    body = request.get_data(cache=False)
    if media_type_of(content_type)[0] == "multipart/form-data":
        return tuple(_document(part_type, content) for part_type, content in parts(content_type or "", body))
    return (_document(content_type, body),)


def _document(content_type: str | None, content: bytes) -> Document:
    media_type, charset = media_type_of(content_type)
    form = of_media_type(media_type, READ_FORMS)
    if form is None or charset not in ("utf-8", "utf8", "us-ascii"):
        raise MediaTypeError(
            Message(
                "request.graph_media_type",
                media_type=media_type[:100] or Message("request.no_media_type"),
                charset=charset[:100],
            ),
            cure=Message("request.graph_media_type_cure", offers=", ".join(media_types(READ_FORMS))),
        )
    content = content.removeprefix(BYTE_ORDER_MARK.encode())
    return Document(
        form, embed_context(content, current_site().iris, context_address(root())) if form is JSON_LD else content
    )
