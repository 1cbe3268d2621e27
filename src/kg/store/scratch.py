"""What a change comes to, in time proportional to it: evaluated in memory, compared with the store it is for."""

from __future__ import annotations

from itertools import pairwise

import pyoxigraph

from kg.errors import Message, RdfSyntaxError, Where
from kg.store.changes import Change, Document
from kg.store.contents import graph_names, lines_of
from kg.store.engine import RDF_FORMATS, evaluated, translated
from kg.store.patches import Patch
from kg.store.refusals import no_graph
from kg.store.syntax import Token, syntax_error, tokens
from kg.store.using import with_using

_LARGEST_TEXT = 4 * 2**20
"""Beyond that the engine is quicker than finding out what a text is."""


def graph_change(store: pyoxigraph.Store, change: Change, *, existed: bool) -> Patch:
    """Return what a change of one graph comes to; the store stays as it is.

    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove is not there
    """
    name = _name(change.graph)
    wanted = pyoxigraph.Store()
    for document in change.documents:
        wanted.extend(_read(document, change.base_iri, name))
    if change.kind == "remove" and not existed:
        raise no_graph(change.graph or "")
    there = [] if change.kind == "add" else store.quads_for_pattern(None, None, None, name)
    graphs = (change.graph,) if change.graph else ()
    return Patch.of(
        added=lines_of(quad for quad in wanted if quad not in store),
        removed=lines_of(quad for quad in there if quad not in wanted),
        created=() if existed or change.kind == "remove" else graphs,
        dropped=graphs if change.kind == "remove" else (),
    )


def data_change(store: pyoxigraph.Store, change: Change) -> Patch:
    """Return what an update of INSERT DATA and DELETE DATA alone comes to; the store stays as it is.

    Of the quads it names, those that an empty store holds in the end are to be there, the others are not.
    """
    inserted, named = pyoxigraph.Store(), pyoxigraph.Store()
    carry_out(inserted, change)
    inserting = _with_all_inserted(change.text)
    if inserting != change.text:
        named.update(inserting, base_iri=change.base_iri)
    return Patch.of(
        added=lines_of(quad for quad in inserted if quad not in store),
        removed=lines_of(quad for quad in named if quad not in inserted and quad in store),
        created=graph_names(inserted) - graph_names(store),
    )


def carry_out(store: pyoxigraph.Store, change: Change) -> None:
    """Carry an update out on a store.

    :raises QuerySyntaxError: it does not parse
    :raises EvaluationError: the engine refused
    """
    text = with_using(change.text, change.dataset) if change.dataset else change.text
    try:
        evaluated(lambda functions: store.update(text, base_iri=change.base_iri, custom_functions=functions), text)
    except SyntaxError as error:
        raise syntax_error(text, str(error), "update") from error


def is_data_alone(update: str) -> bool:
    """Tell whether an update is made of INSERT DATA and DELETE DATA alone.

    >>> is_data_alone("PREFIX a: <b> INSERT DATA { a:a a:where 1 } ; DELETE DATA { GRAPH a:g { a:a a:b 2 } }")
    True
    >>> is_data_alone("DELETE WHERE { ?data ?p ?o }"), is_data_alone("INSERT DATA { <a> <b> 1 } ; CLEAR ALL")
    (False, False)
    """
    if len(update) > _LARGEST_TEXT:
        return False
    depth = 0
    before = None
    for token in tokens(update):
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth == 0 and token.kind == "word" and not _may_stand(before, token):
            return False
        before = token
    return True


def _may_stand(before: Token | None, token: Token) -> bool:
    if token.is_word("DATA"):
        return before is not None and before.is_word("INSERT", "DELETE")
    follows_verb = before is not None and before.is_word("INSERT", "DELETE")
    return token.is_word("BASE", "PREFIX", "INSERT", "DELETE") and not follows_verb


def _with_all_inserted(update: str) -> str:
    """Return an update of data with each DELETE made an INSERT."""
    found = list(tokens(update))
    for token, following in pairwise(found):
        if token.is_word("DELETE") and following.is_word("DATA"):
            update = f"{update[: token.start]}INSERT{update[token.start + len('INSERT') :]}"
    return update


def _name(graph: str | None) -> pyoxigraph.NamedNode | pyoxigraph.DefaultGraph:
    return pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()


def _read(
    document: Document, base_iri: str, name: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph
) -> list[pyoxigraph.Quad]:
    try:
        parsed = pyoxigraph.parse(
            document.content,
            RDF_FORMATS[document.form],
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]
    except SyntaxError as error:
        raise rdf_syntax_error(error, document) from error
    except ValueError as error:
        raise translated(error) from error


def rdf_syntax_error(error: SyntaxError, document: Document) -> RdfSyntaxError:
    """Translate the parser's error into one that says where, with the line quoted."""
    where = None
    if error.lineno is not None:
        lines = document.content.split(b"\n")
        quoted = lines[error.lineno - 1].decode("utf-8", "replace").rstrip("\r") if error.lineno <= len(lines) else ""
        where = Where("body", error.lineno, error.offset or 1, quoted[:500])
    return RdfSyntaxError(
        Message(ko=f"RDF 문서를 읽을 수 없습니다: {error.msg}.", en=f"The document does not parse: {error.msg}."),
        cure=Message(ko="표시된 자리를 고쳐 주십시오.", en="Correct it at the place named."),
        where=where,
    )
