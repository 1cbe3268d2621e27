"""The VoID description: what it counts, and that changesets keep it as a fresh load has it."""

import pyoxigraph
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import Checkout, Patch
from kg.store import Dataset

GRAPHS = ("http://a/graphs/page", "http://a/graphs/catalog")
VOID = "http://rdfs.org/ns/void#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
NAMED = f"<http://a/dataset> <{VOID}subset> <{GRAPHS[0]}> <{GRAPHS[1]}> ."
LINES = st.builds(
    "<http://a/{}> {} {} <{}> .".format,
    st.sampled_from(["s", "t", "dataset"]),
    st.sampled_from([TYPE, "<http://a/p>", f"<{VOID}triples>"]),
    st.sampled_from(["<http://a/C>", "<http://a/D>", '"5"^^<http://www.w3.org/2001/XMLSchema#integer>']),
    st.sampled_from([*GRAPHS, "http://a/apart"]),
)
CONTENTS = st.frozensets(LINES | st.just(NAMED), max_size=12)


def loaded(lines: frozenset[str]) -> Dataset:
    """Load quads as a version."""
    return Dataset.of(Checkout(patch=Patch.of(lines, ())), GRAPHS)


def default_graph(dataset: Dataset) -> set[str]:
    """Return what a query without a dataset sees."""
    return {str(quad.triple) for quad in dataset.store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())}


@given(CONTENTS, st.lists(CONTENTS, max_size=4))
def test_it_is_kept_up_with_changes(first: frozenset[str], others: list[frozenset[str]]) -> None:
    """After any changes the default graph is that of a fresh load, and the quads that were added are told."""
    dataset, before = loaded(first), first
    for lines in others:
        seen = default_graph(dataset)
        stored = dataset.apply(Patch.of(lines - before, before - lines))
        told = {str(quad.triple) for quad in stored if quad.graph_name == pyoxigraph.DefaultGraph()}
        assert default_graph(dataset) - seen <= told
        assert default_graph(dataset) == default_graph(loaded(lines))
        before = lines


def test_it_counts_the_dataset_without_itself() -> None:
    """Triples, subjects and objects; of each class its entities, of each property its triples."""
    typed, stated = (f"<http://a/s> {TYPE} <http://a/C>", '<http://a/s> <http://a/p> "1"')
    lines = frozenset({NAMED, f"{typed} <{GRAPHS[0]}> .", f"{stated} <{GRAPHS[0]}> ."})
    rows = loaded(lines).store.query(f"""
        PREFIX void: <{VOID}> SELECT ?all ?subjects ?entities ?triples ?classes ?properties {{
          <http://a/dataset> void:triples ?all ; void:distinctSubjects ?subjects ; void:classes ?classes ;
            void:properties ?properties ; void:classPartition [ void:class <http://a/C> ; void:entities ?entities ;
              void:propertyPartition [ void:property <http://a/p> ; void:triples ?triples ] ] }}""")
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    found = [
        [row[name].value for name in ("all", "subjects", "entities", "triples", "classes", "properties")]
        for row in rows
    ]
    assert found == [["3", "2", "1", "1", "1", "3"]]


def test_without_a_catalogue_there_is_none() -> None:
    """A store whose data does not say what its dataset is has its own triples only."""
    assert len(default_graph(loaded(frozenset({f"<http://a/s> {TYPE} <http://a/C> <{GRAPHS[0]}> ."})))) == 1
