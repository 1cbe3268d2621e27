"""Execution of queries and updates by the engine, with the semantics of the specification."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from itertools import pairwise
from typing import Protocol

import pyoxigraph

from kg.domain import KgError, QuerySyntaxError
from kg.sparql.parsed_operation import ParsedOperation, UpdateOperation, syntax_error
from kg.sparql.paths import ANYTHING
from kg.sparql.rewriting import Knowledge, LimitError
from kg.sparql.static_checks import Fault, find_fault, shared_labels_of_data
from kg.sparql.tokens import offset, position
from kg.sparql.tree import Node

Results = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples

_PLACE = re.compile(r"(?:error )?at (?:line )?(\d+)(?::| column )(\d+):?\s*(.*)", re.DOTALL)
_LIST = re.compile(r", |\n")


def execute_query(
    parsed: ParsedOperation, engine: Callable[[str], Results], base_iri: str, *, is_exact: bool = False
) -> Results:
    """Ask a query; ``engine`` takes the text, with the dataset of the request.

    Where it ``is_exact``, the answer is right also for numbers that the engine cannot hold.

    :raises SyntaxError: the engine refuses what the grammar accepts
    :raises QuerySyntaxError: it refuses the text as it stands
    """
    if not is_exact and not parsed.shape.sites:
        return engine(parsed.text)
    _check_once(parsed, base_iri)
    return engine(parsed.rewritten(_knowledge(parsed, engine), is_exact=is_exact))


def _knowledge(parsed: ParsedOperation, engine: Callable[[str], Results]) -> Knowledge:
    """Return the facts that the rules may ask for, evaluated with the query's own prologue and dataset."""

    def named_graphs() -> Sequence[str]:
        if parsed.dataset_clauses:
            return [name for is_named, name in parsed.dataset_clauses if is_named]
        return _iris(_terms(engine("SELECT DISTINCT ?graph { GRAPH ?graph {} } ORDER BY ?graph")))

    def is_node(term: str, graph: str | None) -> bool:
        pattern = f"{{ {term} ?p ?o }} UNION {{ ?s ?p {term} }}"
        pattern = f"GRAPH {graph} {{ {pattern} }}" if graph else pattern
        clauses = " ".join(f"FROM {'NAMED ' * is_named}{name}" for is_named, name in parsed.dataset_clauses)
        return bool(_terms(engine(f"{parsed.prologue} ASK {clauses} {{ {pattern} }}")))

    return Knowledge(named_graphs, is_node)


class Graphs(Protocol):
    """The named graphs of the store that an update is carried out on."""

    def names(self) -> Sequence[str]:
        """Return their names as SPARQL text, as they are now."""

    def load(self, iri: str, graph: pyoxigraph.NamedNode | None) -> None:
        """Add the document at an address to a graph, None for the default graph (SPARQL 1.1 Update, 3.1.4).

        :raises KgError: there is none, or it does not parse
        """

    def merged(self, graphs: Sequence[pyoxigraph.NamedNode]) -> AbstractContextManager[str]:
        """Hold the RDF merge of some in a graph of its own for a while, whose name is returned as SPARQL text."""


def execute_update(
    parsed: ParsedOperation,
    engine: Callable[[str], None],
    graphs: Graphs,
    base_iri: str,
    dataset: Sequence[tuple[bool, str]] = (),
) -> None:
    """Carry an update out: one operation after the other where the graphs matter, which it may change.

    So also where there are declarations between operations, since the engine takes none there, and for LOAD, which is
    not left to the engine: it takes no byte order mark, and goes wherever an address leads. Operations are written for
    numbers that the engine cannot hold: an update cannot be carried out again where it met one.

    ``dataset`` is what the request names: whether a graph is named, and its name as SPARQL text.

    :raises SyntaxError: the engine refuses what the grammar accepts
    :raises QuerySyntaxError: it refuses the text as it stands
    """
    _check_once(parsed, base_iri)
    is_written_out = any(site.rule == "graph" for site in parsed.shape.sites)
    is_whole = not is_written_out and not dataset and not parsed.has("USING") and not parsed.has("LOAD")
    if is_whole and not parsed.has_later_declarations:
        engine(parsed.rewritten(Knowledge(list, _never), is_exact=True))
        return
    _refuse_shared_nodes(parsed)
    for operation in parsed.operations:
        if operation.node.kind == "load":
            _load(parsed, operation, graphs, base_iri)
            continue
        own = list(dataset) or _using_clauses(parsed, operation)
        names = [name for is_named, name in own if is_named] if own else graphs.names()
        default = [name for is_named, name in own if not is_named]
        knowledge = Knowledge(partial(_iris, names), _never)
        if len(default) <= 1:
            text = parsed.rewritten(knowledge, operation.node, _using(dataset), is_exact=True)
            engine(f"{operation.prologue} {text}")
            continue
        iris = [iri for name in default if (iri := resolve(name, operation.prologue, base_iri))]
        with graphs.merged(iris) as merge:
            using = _using([(False, merge), *((True, name) for name in names)]) if dataset else ""
            text = parsed.rewritten(knowledge, operation.node, using, "" if dataset else merge, is_exact=True)
            engine(f"{operation.prologue} {text}")


def _load(parsed: ParsedOperation, operation: UpdateOperation, graphs: Graphs, base_iri: str) -> None:
    tokens = [parsed.tokens[place] for place in operation.node.tokens()]
    source, *targets = [resolve(token.text, operation.prologue, base_iri) for token in tokens if token.is_iri]
    is_silent = tokens[1].word == "SILENT"
    if source is None:
        raise SyntaxError("the address to load is not an IRI")
    with contextlib.suppress(*[KgError] * is_silent):
        graphs.load(source.value, targets[0] if targets else None)


def _refuse_shared_nodes(parsed: ParsedOperation) -> None:
    """Refuse a label of a blank node in two INSERT DATA: the engine sees one operation at a time."""
    fault = next(shared_labels_of_data(parsed.text, parsed.shape.tree, parsed.tokens), None)
    if fault:
        raise syntax_error(parsed.text, fault.what, position(parsed.text, fault.start), parsed.kind)


def _using(dataset: Sequence[tuple[bool, str]]) -> str:
    return " ".join(f"USING {'NAMED ' * is_named}{name}" for is_named, name in dataset)


def _using_clauses(parsed: ParsedOperation, operation: UpdateOperation) -> list[tuple[bool, str]]:
    clauses = operation.node.nodes("using_clause")
    return [(len(one.children) == 3, parsed.tokens[one.last].text) for one in clauses]  # noqa: PLR2004 - with NAMED


def _never(_term: str, _graph: str | None) -> bool:
    """Return False for every term: the update itself may change whether it is a node."""
    return False


def _iris(graphs: Sequence[str]) -> Sequence[str]:
    """Return the names of graphs; one that no query can write makes writing them all out impossible."""
    if any(graph.startswith("_:") for graph in graphs):
        raise LimitError("a named graph has a blank node for its name")
    return graphs


def _terms(results: Results) -> list[str]:
    if isinstance(results, pyoxigraph.QuerySolutions):
        return [str(solution[0]) for solution in results]
    return ["true"] if isinstance(results, pyoxigraph.QueryBoolean) and results else []


def _check_once(parsed: ParsedOperation, base_iri: str) -> None:
    if parsed.shape.needs_check:
        check(parsed, base_iri)
        parsed.shape.is_checked = True


def check(parsed: ParsedOperation, base_iri: str) -> None:
    """Let the engine check constraints beyond the grammar, such as undeclared prefixes.

    It is asked on an empty store, where what the text does comes to nothing, with nothing that it would call.

    :raises QuerySyntaxError: the engine refuses it
    """
    store = pyoxigraph.Store()
    engine = store.query if parsed.kind == "query" else store.update
    parts = [operation.spans for operation in parsed.operations] if parsed.has_later_declarations else [None]
    for spans in parts:
        text, origin = _without_calls(parsed, base_iri, spans or ((0, len(parsed.text)),))
        try:
            with contextlib.suppress(RuntimeError, OSError, ValueError):
                engine(text, base_iri=base_iri)
        except SyntaxError as error:
            raise _located(parsed, str(error), text, origin) from error


def engine_error(parsed: ParsedOperation, base_iri: str, error: SyntaxError) -> QuerySyntaxError:
    """Return the error for what the engine refuses, with the place in the text as it was sent.

    The engine may have been asked a rewritten text; the place is found with the original one.
    """
    try:
        check(parsed, base_iri)
    except QuerySyntaxError as located:
        return located
    return _located(parsed, str(error))


def _without_calls(
    parsed: ParsedOperation, base_iri: str, spans: Sequence[tuple[int, int]]
) -> tuple[str, Callable[[int], int]]:
    """Return a text of the same grammar that calls nowhere, and the way back from a place in it to the original.

    It has what stands from one place to another in the original, for each of the given pairs of places.
    """
    edits = [
        (target.token.start, target.token.end, "<urn:x>")
        for target in parsed.targets()
        if target.token.kind != "name" or resolve(target.token.text, target.prologue, base_iri)
    ]
    for site in parsed.shape.sites:
        if site.rule in ("boolean", "joined", "repeated", "anything"):
            tokens = [parsed.tokens[place] for place in site.node.tokens()]
            texts = (token.text.lower() if site.rule == "boolean" else token.text for token in tokens)
            new = {"repeated": "", "anything": ANYTHING}.get(site.rule, "".join(texts))
            edits.append((tokens[0].start, tokens[-1].end, new))
    pieces: list[tuple[int, str]] = []
    for start, end in spans:
        place = start
        for first, last, new in sorted(edits):
            if max(start, place) <= first < end:
                pieces += [(place, parsed.text[place:first]), (first, new)]
                place = last
        pieces.append((place, parsed.text[place:end] + " "))

    def origin(place: int) -> int:
        for start, piece in pieces:
            if place < len(piece):
                return start + place
            place -= len(piece)
        return len(parsed.text)

    return "".join(piece for _, piece in pieces), origin


def _located(
    parsed: ParsedOperation, message: str, text: str = "", origin: Callable[[int], int] | None = None
) -> QuerySyntaxError:
    """Return the error for a text that the engine refuses: a known fault, else the engine's message.

    ``text`` is what the engine was asked, and ``origin`` the way back from a place in it to the original.
    """
    fault = find_fault(parsed.text, parsed.shape.tree, parsed.tokens)
    match = _PLACE.match(message)
    if match and origin and not fault:
        fault = Fault(origin(offset(text, int(match[1]), int(match[2]))), _understood(match[3]))
    what, place = (fault.what, position(parsed.text, fault.start)) if fault else (_understood(message), None)
    return syntax_error(parsed.text, what, place, parsed.kind)


def _understood(message: str) -> str:
    """Return the engine's error message, without its list of expected tokens, which differs from our grammar."""
    expected = message.removeprefix("expected ").removeprefix("one of ")
    sentences = [one for one in _LIST.split(expected) if " " in one and one[0] not in '"[<']
    return sentences[0].rstrip(".") if sentences else "something else was expected here"


@lru_cache(maxsize=256)
def resolve(name: str, prologue: str, base_iri: str) -> pyoxigraph.NamedNode | None:
    """Return the IRI that a name stands for behind declarations; None where a prefix is not declared.

    >>> resolve("e:a", "PREFIX e: <x#>", "http://example.org/")
    <NamedNode value=http://example.org/x#a>
    """
    try:
        results = pyoxigraph.Store().query(f"{prologue} SELECT ({name} AS ?iri) {{}}", base_iri=base_iri)
    except SyntaxError:
        return None
    iri = next(iter(results))[0]  # type: ignore[arg-type]
    return iri if isinstance(iri, pyoxigraph.NamedNode) else None


def is_data_alone(parsed: ParsedOperation) -> bool:
    """Return whether an update is made of INSERT DATA and DELETE DATA alone."""
    return all(operation.node.kind in ("insert_data", "delete_data") for operation in parsed.operations)


_IN_GRAPH = frozenset(("quad_graph", "graph_iri"))


def graphs_confining(parsed: ParsedOperation, base_iri: str) -> frozenset[pyoxigraph.NamedNode] | None:
    """Return the named graphs beyond which an update neither reads nor writes; None where there may be others.

    It names each of them: none is a variable, and no triple of a pattern or a template is of the default graph.

    >>> from kg.sparql import read
    >>> text = "WITH <a> DELETE { ?s ?p 1 } INSERT { GRAPH <b> { ?s ?p 2 } } WHERE { ?s ?p 1 }"
    >>> sorted(graph.value for graph in graphs_confining(read(text, "update"), "http://c/"))
    ['http://c/a', 'http://c/b']
    >>> graphs_confining(read("DELETE WHERE { GRAPH <a> { ?s ?p ?o } ?s a ?class }", "update"), "http://c/")
    """
    if parsed.has("USING") or not all(_is_in_graphs(parsed, operation.node) for operation in parsed.operations):
        return None
    graphs = {resolve(text, prologue, base_iri) for text, prologue in parsed.graph_names()}
    return frozenset(graph for graph in graphs if graph) if None not in graphs else None


def _is_in_graphs(parsed: ParsedOperation, operation: Node) -> bool:
    """Return whether every triple of a pattern or a template is in a graph that is named."""
    if operation.kind not in ("modify", "delete_where"):
        return False
    tokens = parsed.tokens[operation.first : operation.last + 1]
    if any(token.word == "GRAPH" and after.kind == "variable" for token, after in pairwise(tokens)):
        return False
    has_graph = tokens[0].word == "WITH"
    return has_graph or all(node.kind != "triples_block" for node in operation.walk(without=_IN_GRAPH))


def with_all_inserted(parsed: ParsedOperation) -> Iterator[str]:
    """Yield each operation of an update of data, as an update of its own, with DELETE made an INSERT."""
    for operation in parsed.operations:
        data = Node("token", [operation.node.first + 1, operation.node.last])
        yield f"{operation.prologue} INSERT{parsed.rewritten(Knowledge(list, _never), data)}"
