import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import Content, Patch
from kg.domain import NotFoundError
from kg.rdf import TRIG
from kg.sparql import is_data_alone, read
from kg.store import Change, Dataset, Document, graphs_of
from kg.store.contents import State, difference, graph_names, lines_of
from kg.store.update_evaluation import apply_change
from kg.store.update_operations import data_changeset, run_update
from signing import checkout_of

TRIPLES = st.builds(
    "<http://a/{}> <http://a/p> {}".format, st.integers(0, 2), st.sampled_from(["1", "'01'", "01", "<http://a/o>"])
)
BLOCKS = st.lists(TRIPLES, max_size=3).map(" . ".join)
GROUPS = st.one_of(BLOCKS, st.builds("GRAPH <http://a/g{}> {{ {} }}".format, st.integers(0, 1), BLOCKS))
OPERATIONS = st.builds("{} DATA {{ {} }}".format, st.sampled_from(["INSERT", "delete"]), GROUPS)
UPDATES = st.lists(OPERATIONS, max_size=4).map(" ; ".join)


QUERIED = ("http://a/g", "http://a/g1")


def content_of(store: pyoxigraph.Store) -> Content:
    """Return what a store of the engine holds."""
    return Content(frozenset(lines_of(store)), frozenset(graph_names(store)))


def made_of(*updates: str) -> Content:
    """Return what updates make of nothing."""
    store = pyoxigraph.Store()
    for update in updates:
        store.update(update)
    return content_of(store)


def held(dataset: Dataset) -> Content:
    """Return the version that a dataset holds; its graphs are seen as those of a new one are."""
    graphs = graph_names(dataset.store)
    names = (pyoxigraph.DefaultGraph(), *dataset.store.named_graphs())
    content = Content(frozenset(lines_of(quad for name in names for quad in dataset.quads(name))), frozenset(graphs))
    assert seen(dataset) == seen(Dataset.of(checkout_of(content), QUERIED))
    return content


def seen(dataset: Dataset) -> list[str]:
    """Return the triples that a query sees unasked."""
    return sorted(map(str, dataset.union().quads_for_pattern(None, None, None)))


@given(UPDATES, UPDATES)
def test_data_comes_to_what_the_engine_makes_of_it(given_before: str, text: str) -> None:
    """The patch of an update of data, found without the store it is for, is what the engine changes in that."""
    engine = pyoxigraph.Store()
    engine.update(given_before)
    before = content_of(engine)
    change = Change("update", "http://a/", text=text)
    assert is_data_alone(read(text, "update"))
    run_update(engine, change)
    dataset = Dataset.of(checkout_of(before), QUERIED)
    patch = data_changeset(dataset, change)
    assert patch == before.changes_to(content_of(engine))
    assert apply_change(dataset, change).patch == patch
    assert held(dataset) == content_of(engine)


@given(UPDATES, UPDATES)
def test_two_states_are_compared_whatever_their_order(one: str, two: str) -> None:
    """What differs is found by walking both, in an order that is not the same."""
    first, second = pyoxigraph.Store(), pyoxigraph.Store()
    first.update(one)
    second.update(two)
    quads = iter(sorted(second, key=str, reverse=True))
    found = difference(State(iter(first), graph_names(first)), State(quads, graph_names(second)))
    assert found == content_of(first).changes_to(content_of(second))


UPDATES_OF_ALL_KINDS = [
    "CLEAR ALL",
    "CLEAR DEFAULT",
    "DROP GRAPH <http://a/g>",
    "CREATE GRAPH <http://a/new>",
    "CREATE SILENT GRAPH <http://a/g>",
    "DELETE WHERE { ?s ?p ?o }",
    "WITH <http://a/g> DELETE { ?s ?p ?o } INSERT { ?s ?p 'x' } WHERE { ?s ?p ?o }",
    "MOVE GRAPH <http://a/g> TO DEFAULT",
    "COPY DEFAULT TO <http://a/h>",
    "COPY <http://a/g> TO <http://a/g1>",
    "ADD <http://a/g> TO DEFAULT",
    "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT { ?s <http://a/n> ?n } WHERE { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s }",
    "INSERT { GRAPH ?g { ?b <http://a/q> _:n } } WHERE { GRAPH ?g { ?b ?p ?o } FILTER(ISBLANK(?b)) }",
    "DELETE { GRAPH ?g { ?b ?p ?o } } WHERE { GRAPH ?g { ?b ?p ?o } FILTER(ISBLANK(?b)) }",
    "INSERT DATA { _:b <http://a/p> 2 } ; CLEAR DEFAULT",
    "DELETE WHERE { GRAPH <http://a/g> { ?s ?p ?o } }",
    "DELETE { GRAPH <g> { ?s ?p ?o } } INSERT { GRAPH <h> { ?s ?p ?o } } WHERE { GRAPH <g> { ?s ?p ?o } }",
    "WITH <g1> DELETE { ?s ?p ?o } INSERT { GRAPH <g> { ?s ?p 4 } } WHERE { ?s ?p ?o . GRAPH <g> { ?s ?p ?o } }",
    "INSERT { GRAPH <g> { ?s ?p 5 } } WHERE { ?s ?p ?o FILTER NOT EXISTS { ?s ?p 3 } }",
    "INSERT { GRAPH <g> { <s> <p> ?n } } WHERE { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } GRAPH <g> { } }",
    "INSERT { GRAPH <g> { <s> <p> 6 } } WHERE { GRAPH <g> { ?s ?p 1 } FILTER NOT EXISTS { ?s ?p 3 } }",
    "INSERT { GRAPH <g> { ?s ?p 7 } } USING <g1> WHERE { ?s ?p ?o }",
    "INSERT { GRAPH <g> { ?s ?p 8 } } WHERE { GRAPH <g> { ?s ?p 1 } } ; DROP GRAPH <g1>",
    "WITH <g> INSERT { ?s ?p 9 } WHERE { ?s ?p ?o } ; INSERT { ?s ?p 9 } WHERE { GRAPH <g1> { ?s ?p ?o } }",
    "DELETE { GRAPH <g> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
]
BEFORE = """INSERT DATA { <http://a/s> <http://a/p> 1 . GRAPH <http://a/g> { <http://a/s> <http://a/p> 1, 2, 3 .
    _:b <http://a/p> 4 } GRAPH <http://a/g1> { <http://a/s> <http://a/p> 3 } } ; CREATE GRAPH <http://a/empty>"""


@pytest.mark.parametrize("text", UPDATES_OF_ALL_KINDS)
def test_any_other_update_is_compared_whole(text: str) -> None:
    """A version is changed to what the engine makes of its quads: the merge in its default graph is not seen."""
    assert not is_data_alone(read(text, "update"))
    content = made_of(BEFORE)
    plain = pyoxigraph.Store()
    plain.extend(loaded_quads(content))
    for name in content.graphs:
        plain.add_graph(pyoxigraph.NamedNode(name))
    dataset = Dataset.of(checkout_of(content), QUERIED)
    applied = apply_change(dataset, Change("update", "http://a/", text=text))
    run_update(plain, Change("update", "http://a/", text=text))
    made, wanted = held(dataset), content_of(plain)
    assert (anonymous(made), made.graphs) == (anonymous(wanted), wanted.graphs)
    assert content.after(applied.patch) == made
    assert made.after(applied.patch.inverse()) == content


def loaded_quads(content: Content) -> list[pyoxigraph.Quad]:
    """Parse the quads of a content."""
    return list(pyoxigraph.parse(content.to_nquads(), pyoxigraph.RdfFormat.N_QUADS))


def anonymous(content: Content) -> list[str]:
    """Return the lines of a content, whatever its new blank nodes are called."""
    return sorted(line.rpartition("_:")[0] if " _:" in line else line for line in content.quads)


@pytest.mark.parametrize("kind", ["replace", "add", "remove"])
@pytest.mark.parametrize("graph", [None, "http://a/g", "http://a/empty", "http://a/new"])
def test_a_change_of_a_graph_comes_to_what_it_is(kind: str, graph: str | None) -> None:
    """The patch of a document says what the graph had and has, each number by its value."""
    document = Document(TRIG, b"<http://a/s> <http://a/p> 01, 2 .")
    change = Change(kind, "http://a/", graph=graph, documents=() if kind == "remove" else (document,))  # type: ignore[arg-type]
    before = made_of(BEFORE)
    if (kind, graph) == ("remove", "http://a/new"):
        with pytest.raises(NotFoundError):
            apply_change(Dataset.of(checkout_of(before), QUERIED), change)
        return
    dataset = Dataset.of(checkout_of(before), QUERIED)
    applied = apply_change(dataset, change)
    name = f" <{graph}>" if graph else ""
    number = "<http://www.w3.org/2001/XMLSchema#integer>"
    wanted = {f'<http://a/s> <http://a/p> "{value}"^^{number}{name} .' for value in (1, 2)}
    own = {line for line in before.quads if (graphs_of([line]) or {None}) == {graph}}
    sent = set() if kind == "remove" else wanted
    assert before.after(applied.patch).quads == (before.quads - (set() if kind == "add" else own)) | sent
    assert before.after(applied.patch) == held(dataset)
    assert applied.existed == (graph != "http://a/new")
    assert (graph in before.after(applied.patch).graphs) == (graph is not None and kind != "remove")


def test_a_changeset_is_a_change() -> None:
    """It is applied as it is."""
    patch = Patch(added=('<http://a/s> <http://a/p> "x" .',), created=("http://a/new",))
    before = made_of(BEFORE)
    dataset = Dataset.of(checkout_of(before), QUERIED)
    assert apply_change(dataset, Change("patch", "", text=patch.to_text())).patch == patch
    assert held(dataset) == before.after(patch)
