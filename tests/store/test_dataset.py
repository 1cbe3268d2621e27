"""A version in memory: what its default graph holds, and that a changeset leads to what a fresh load has."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import Content, Patch
from kg.rdf import CSV
from kg.sparql import Statistics
from kg.store import Dataset, Engine, Query, RequestedDataset, graphs_of
from signing import checkout_of

QUERIED = ("http://a/one", "http://a/two")
LINES = """<http://a/s> <http://a/p> "1" .
<http://a/s> <http://a/p> "1" <http://a/one> .
<http://a/s> <http://a/p> "1" <http://a/two> .
<http://a/s> <http://a/p> "2" <http://a/two> .
<http://a/s> <http://a/p> "3" <http://a/apart> .
_:b <http://a/p> "4" <http://a/one> .""".splitlines()
COUNT = "SELECT (COUNT(*) AS ?n)"
MERGED = frozenset(['<http://a/s> <http://a/p> "1"', '<http://a/s> <http://a/p> "2"', '_:b <http://a/p> "4"'])


def content_of(lines: Sequence[str], graphs: Sequence[str] = ()) -> Content:
    """Return the content of these lines, with these graphs beside those that they are in."""
    return Content(frozenset(lines), graphs_of(lines) | frozenset(graphs))


@pytest.fixture
def engine() -> Engine:
    """Load a version in which one triple stands in three graphs."""
    return Engine(Dataset.of(checkout_of(content_of(LINES)), QUERIED))


def rows(
    engine: Engine,
    output: Path,
    text: str,
    dataset: RequestedDataset | None = None,
    queried: tuple[str, ...] = QUERIED,
) -> list[str]:
    """Ask, and return the rows of the answer."""
    engine.evaluate(Query(text, "http://a/", queried_graphs=queried, dataset=dataset, results=CSV), output)
    return output.read_text().split()[1:]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{COUNT} {{ ?s ?p ?o }}", "3"),
        (f"{COUNT} FROM <http://a/one> FROM <http://a/two> {{ ?s ?p ?o }}", "3"),
        (f"{COUNT} FROM <http://a/one> FROM <http://a/one> {{ ?s ?p ?o }}", "2"),
        (f"PREFIX a: <http://a/> {COUNT} FROM a:one FROM <two> {{ ?s ?p ?o }}", "3"),
        (f"{COUNT} {{ GRAPH ?g {{ ?s ?p ?o }} }}", "5"),
        (f"{COUNT} FROM <one> FROM <two> FROM NAMED <apart> {{ ?s ?p ?o GRAPH ?g {{ ?s ?p ?x }} }}", "2"),
        (f"{COUNT} FROM <one> FROM <two> FROM NAMED <apart> {{ GRAPH ?g {{ }} }}", "1"),
        (f"{COUNT} FROM NAMED <apart> {{ ?s ?p ?o }}", "0"),
        (f"{COUNT} FROM <http://a/two> {{ ?s ?p ?o }}", "2"),
    ],
)
def test_a_merge_has_each_triple_once(engine: Engine, tmp_path: Path, text: str, count: str) -> None:
    """However many default graphs hold a triple, a query sees it once; named graphs keep theirs."""
    for _ in range(2):
        assert rows(engine, tmp_path / "answer", text) == [count]


def test_so_does_the_dataset_of_the_protocol(engine: Engine, tmp_path: Path) -> None:
    """The default graphs of the request are merged as those of the text are."""
    dataset = RequestedDataset(("http://a/one", "http://a/two"), ())
    assert rows(engine, tmp_path / "answer", f"{COUNT} {{ ?s ?p ?o }}", dataset) == ["3"]


def test_a_query_may_see_other_graphs_than_are_merged(engine: Engine, tmp_path: Path) -> None:
    """The graphs that the query brings are those of its default graph."""
    for queried, count in ((("http://a/apart",), "2"), ((), "1"), (("http://a/two", "http://a/one"), "3")):
        assert rows(engine, tmp_path / "answer", f"{COUNT} {{ ?s ?p ?o }}", queried=queried) == [count]
        both = f"{COUNT} {{ ?s ?p ?o GRAPH <http://a/apart> {{ ?x ?y '3' }} }}"
        assert rows(engine, tmp_path / "answer", both, queried=queried) == [count]


def test_blank_nodes_stay_the_same_in_the_merge(engine: Engine, tmp_path: Path) -> None:
    """A blank node of a named graph is itself in the merge."""
    text = f"{COUNT} {{ ?s ?p '4' GRAPH <http://a/one> {{ ?s ?p '4' }} }}"
    assert rows(engine, tmp_path / "answer", text) == ["1"]


def test_a_change_reaches_every_merge(engine: Engine, tmp_path: Path) -> None:
    """Those that were asked before it too; a triple goes with the last graph that has it."""
    text = f"{COUNT} FROM <one> FROM <two> {{ ?s ?p '1' }}"
    unasked = f"{COUNT} {{ ?s ?p '1' }}"
    expected = [("1", "1"), ("1", "1"), ("0", "1"), ("0", "0")]
    for removed, counts in zip((None, LINES[1], LINES[2], LINES[0]), expected, strict=True):
        engine.dataset.apply(Patch(removed=(removed,) if removed else ()))
        after = Engine(engine.dataset)
        assert (rows(after, tmp_path / "a", text), rows(after, tmp_path / "b", unasked)) == ([counts[0]], [counts[1]])


def test_an_unmerged_dataset_is_the_version_alone() -> None:
    """What an update sees has no merge: the default graph is the version's own."""
    dataset = Dataset.of(checkout_of(content_of(LINES, ["http://a/empty"])), QUERIED)
    dataset.unmerge()
    assert {f"{quad} ." for quad in dataset.store} == set(LINES)
    assert pyoxigraph.NamedNode("http://a/empty") in set(dataset.store.named_graphs())


GRAPHS = ("", "http://a/one", "http://a/two", "http://a/apart", "_:g")
SUBJECTS, OBJECTS = ("<http://a/s>", "_:b", "_:c"), ('"1"', '"2"@ko', "_:b", "<http://a/o>")
QUADS = st.builds(
    lambda s, o, g: f"{s} <http://a/p> {o} {g and (g if g.startswith('_') else f'<{g}>') + ' '}.",
    st.sampled_from(SUBJECTS),
    st.sampled_from(OBJECTS),
    st.sampled_from(GRAPHS),
)
CONTENTS = st.builds(
    content_of, st.lists(QUADS, max_size=8), st.lists(st.sampled_from([graph for graph in GRAPHS if graph]), max_size=2)
)


@given(content=CONTENTS)
def test_a_merge_is_counted_once(content: Content) -> None:
    """Where the default graph has just the triples of the named ones, the statistics are those of a full count."""
    dataset = Dataset.of(checkout_of(content), QUERIED)
    assert Statistics.of(dataset.store, is_merge=dataset.is_merge) == Statistics.of(dataset.store)


def state(dataset: Dataset) -> tuple[frozenset[str], frozenset[str], frozenset[str], int]:
    """Return all that can be seen of a dataset."""
    return (
        frozenset(map(str, dataset.store)),
        frozenset(map(str, dataset.ungraphed)),
        frozenset(map(str, dataset.store.named_graphs())),
        len(dataset),
    )


@given(st.lists(CONTENTS, min_size=2, max_size=5))
def test_applying_equals_loading(contents: list[Content]) -> None:
    """Changesets one after the other lead to what is loaded; so do their inverses, back to the first."""
    dataset = Dataset.of(checkout_of(contents[0]), QUERIED)
    for before, after in pairwise(contents):
        dataset.apply(before.changes_to(after))
        assert state(dataset) == state(Dataset.of(checkout_of(after), QUERIED))
        assert len(dataset) == len(after.quads)
    dataset.apply(contents[-1].changes_to(contents[0]))
    assert state(dataset) == state(Dataset.of(checkout_of(contents[0]), QUERIED))
    dataset.unmerge()
    assert {f"{quad} ." for quad in dataset.store} == contents[0].quads
    dataset.apply(contents[0].changes_to(contents[1]))
    assert {f"{quad} ." for quad in dataset.store} == contents[1].quads
