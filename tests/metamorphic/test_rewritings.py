"""The same meaning in other words has the same answer: over two thousand pairs on the owner's graph."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import pytest
from pyoxigraph import NamedNode

from conformance.server import Response
from conformance.solutions import Solutions, solutions
from conformance.terms import Row
from metamorphic.answers import GRAPH_FORMS, Answer, Refusal, accepted_type, difference, read, renamed, shown
from metamorphic.base_queries import BASE_QUERIES, EXAMPLE
from metamorphic.base_updates import BASE_UPDATES
from metamorphic.datasets import NAMED_GRAPHS
from metamorphic.endpoint import Endpoint
from metamorphic.groups import asks_default_graph
from metamorphic.insertion import SCRATCH, as_insertion, read_solutions
from metamorphic.references import References, written
from metamorphic.requests import QUERIED_GRAPHS, Base, Request
from metamorphic.tally import Difference, Instrumentation
from metamorphic.transformations import TRANSFORMATIONS, Transformation

pytestmark = pytest.mark.metamorphic

FEWEST_PAIRS = 2_000
IS_LONG = os.environ.get("TEST_METAMORPHIC") == "long"
QUERIES_ONE_IN, UPDATES_ONE_IN = (1, 1) if IS_LONG else (4, 12)
"""Of the pairs one in so many is sent; each of an update is a commit, which takes as long as twenty queries."""
FURTHER_GRAPHS = (1, 60, 75, 200) if IS_LONG else (1, 200)
WAYS: dict[str, Callable[[Endpoint, Request, str], Response]] = {
    "GET": Endpoint.get,
    "POST of a form": Endpoint.post_form,
    "the same once more": Endpoint.post,
}
USING = (*(f"USING <{iri}>" for iri in QUERIED_GRAPHS), *(f"USING NAMED <{iri}>" for iri in NAMED_GRAPHS))
INSERTABLE = tuple(base for base in BASE_QUERIES if base.form != "DESCRIBE" and not base.parameters)

Told = Iterable[Difference | None]


def report(name: str, tally: Instrumentation, told: Told) -> None:
    """Count the pairs of a test, and fail with all that differ."""
    found = []
    for each in told:
        tally.count(name, each)
        found += [each] if each else []
    if found:
        pytest.fail("\n".join(map(str, found)), pytrace=False)


def share_of(bases: Sequence[Base], transformation: Transformation, one_in: int) -> Sequence[tuple[Base, Request]]:
    """Return a share of the bases that a transformation changes, with what it makes of each; the next has another."""
    changed = [(base, request) for base in bases if (request := transformation.apply(base))]
    return changed[TRANSFORMATIONS.index(transformation) % one_in :: one_in] or changed[:1]


def differing(base: Base, reason: str, sent: str) -> Difference | None:
    """Return the difference, if there is one."""
    return Difference(base.name, reason, sent) if reason else None


@pytest.mark.parametrize("base", BASE_QUERIES, ids=lambda base: base.name)
def test_base_queries_are_answered(base: Base, references: References) -> None:
    """A base query has an answer, so that there is something to compare."""
    assert not isinstance(references.of(base), Refusal), shown(references.of(base))


@pytest.mark.parametrize("transformation", TRANSFORMATIONS, ids=lambda each: each.name)
def test_rewritten_queries(
    transformation: Transformation, endpoint: Endpoint, references: References, tally: Instrumentation
) -> None:
    """A rewritten query has the answer of the base query."""
    report(
        transformation.name,
        tally,
        (
            compare_query(base, request, transformation, endpoint, references)
            for base, request in share_of(BASE_QUERIES, transformation, QUERIES_ONE_IN)
        ),
    )


def compare_query(
    base: Base, request: Request, transformation: Transformation, endpoint: Endpoint, references: References
) -> Difference | None:
    """Ask a rewritten query and compare its answer with that of the base query."""
    answer = read(endpoint.post(request, accepted_type(base)))
    if may_stand(answer, transformation):
        return None
    if isinstance(answer, Solutions):
        answer = renamed(answer, [transformation.first_name(name) for name in answer.variables])
    return differing(base, difference(base, references.of(base), answer), request.text)


def may_stand(answer: Answer, transformation: Transformation) -> bool:
    """Tell whether an answer is an error that may stand for any: a documented limit, or a spelling left open."""
    if not isinstance(answer, Refusal):
        return False
    return answer.is_limit or (transformation.may_refuse and answer.is_syntax_error)


@pytest.mark.parametrize("way", WAYS)
def test_other_ways_to_ask(way: str, endpoint: Endpoint, references: References, tally: Instrumentation) -> None:
    """A query has one answer, however it comes and however often (SPARQL 1.1 Protocol, section 2.1)."""
    report(way, tally, (compare_way(base, way, endpoint, references) for base in BASE_QUERIES))


def compare_way(base: Base, way: str, endpoint: Endpoint, references: References) -> Difference | None:
    """Ask a base query in another way and compare its answer."""
    expected = references.of(base)
    answer = read(WAYS[way](endpoint, base.request, accepted_type(base)))
    return differing(base, difference(base, expected, answer), base.request.text)


@pytest.fixture(params=FURTHER_GRAPHS)
def further_graphs(request: pytest.FixtureRequest, endpoint: Endpoint, references: References) -> Iterator[list[str]]:
    """Put so many further graphs of one triple into the store; give their names."""
    for base in BASE_QUERIES:
        references.of(base)
    names = [f"{EXAMPLE}further/{number}" for number in range(request.param)]
    data = "\n".join(f"GRAPH <{name}> {{ <{name}> <{EXAMPLE}in> <{name}> }}" for name in names)
    assert endpoint.update(f"INSERT DATA {{ {data} }}").is_success
    yield names
    assert endpoint.update(" ;\n".join(f"DROP GRAPH <{name}>" for name in names)).is_success


def test_further_graphs(
    further_graphs: list[str], endpoint: Endpoint, references: References, tally: Instrumentation
) -> None:
    """A graph that a query does not ask adds nothing to its answer, and to ``GRAPH ?g`` what it holds."""
    report(
        f"{len(further_graphs)} further graphs",
        tally,
        (compare_beside(base, further_graphs, endpoint, references) for base in BASE_QUERIES),
    )


def compare_beside(base: Base, graphs: list[str], endpoint: Endpoint, references: References) -> Difference | None:
    """Ask a base query beside further graphs and compare its answer with what it then has to be."""
    expected = references.of(base)
    if isinstance(expected, Solutions):
        added = [row(NamedNode(graph)) for graph in graphs for row in base.per_graph]
        more = solutions(expected.variables, added)
        expected = Solutions(expected.variables, expected.rows + more.rows)
    answer = read(endpoint.post(base.request, accepted_type(base)))
    if isinstance(answer, Refusal) and answer.is_limit:
        return None
    return differing(base, difference(base, expected, answer), base.request.text)


def test_insertions(endpoint: Endpoint, references: References, tally: Instrumentation) -> None:
    """An update inserts what a query with its pattern finds (SPARQL 1.1 Update, section 3.1.3)."""
    report(
        "INSERT … WHERE",
        tally,
        (compare_insertion(base, endpoint, references) for base in INSERTABLE[::QUERIES_ONE_IN]),
    )


def compare_insertion(base: Base, endpoint: Endpoint, references: References) -> Difference | None:
    """Write what a base query finds into a scratch graph, read it back and compare."""
    expected = references.of(base)
    variables = expected.variables if isinstance(expected, Solutions) else ()
    tokens = base.request.tokens
    text = as_insertion(tokens, variables, USING if asks_default_graph(tokens) else ())
    response = endpoint.update(text)
    if not response.is_success:
        refusal = read(response)
        is_limit = isinstance(refusal, Refusal) and refusal.is_limit
        return None if is_limit else Difference(base.name, f"refused: {shown(refusal)}", text)
    rows = endpoint.graph(SCRATCH)
    endpoint.delete(SCRATCH)
    unordered = replace(base, is_ordered=False)  # a graph has no order
    return differing(base, difference(unordered, expected, read_back(base, rows, variables)), text)


def read_back(base: Base, rows: list[Row], variables: tuple[str, ...]) -> Answer:
    """Read an answer from the triples of the scratch graph."""
    if base.form in GRAPH_FORMS:
        return rows
    return bool(rows) if base.form == "ASK" else read_solutions(rows, variables)


@pytest.mark.parametrize("base", BASE_UPDATES, ids=lambda base: base.name)
def test_base_updates_are_carried_out(base: Base, references: References) -> None:
    """A base update is carried out, so that there is something to compare."""
    assert not isinstance(references.written_by(base), Refusal), shown(references.written_by(base))


@pytest.mark.parametrize("transformation", TRANSFORMATIONS, ids=lambda each: each.name)
def test_rewritten_updates(
    transformation: Transformation, endpoint: Endpoint, references: References, tally: Instrumentation
) -> None:
    """A rewritten update writes what the base update writes."""
    report(
        transformation.name,
        tally,
        (
            compare_update(base, request, transformation, endpoint, references)
            for base, request in share_of(BASE_UPDATES, transformation, UPDATES_ONE_IN)
        ),
    )


def compare_update(
    base: Base, request: Request, transformation: Transformation, endpoint: Endpoint, references: References
) -> Difference | None:
    """Send a rewritten update and compare what it writes with what the base update writes."""
    expected = references.written_by(base)
    answer = written(endpoint, request.text)
    if may_stand(answer, transformation):
        return None
    return differing(base, difference(base, expected, answer), request.text)


@pytest.mark.skipif(not IS_LONG, reason="a share of the pairs is sent")
def test_enough_pairs() -> None:
    """There are at least two thousand pairs, of at least 25 requests and twelve transformations."""
    bases = (*BASE_QUERIES, *BASE_UPDATES)
    rewritten = sum(each.apply(base) is not None for each in TRANSFORMATIONS for base in bases)
    others = (len(WAYS) + len(FURTHER_GRAPHS)) * len(BASE_QUERIES) + len(INSERTABLE)
    assert rewritten + others >= FEWEST_PAIRS
    assert len(bases) >= 25
    assert len(TRANSFORMATIONS) >= 12
