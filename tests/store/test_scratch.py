from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sparql import is_data_alone, read
from kg.store.contents import apply, difference, snapshot
from kg.store.forms import TRIG
from kg.store.scratch import carry_out, data_change
from kg.store.updating import Change, Document, apply_change

TRIPLES = st.builds(
    "<http://a/{}> <http://a/p> {}".format, st.integers(0, 2), st.sampled_from(["1", "'01'", "01", "<http://a/o>"])
)
BLOCKS = st.lists(TRIPLES, max_size=3).map(" . ".join)
GROUPS = st.one_of(BLOCKS, st.builds("GRAPH <http://a/g{}> {{ {} }}".format, st.integers(0, 1), BLOCKS))
OPERATIONS = st.builds("{} DATA {{ {} }}".format, st.sampled_from(["INSERT", "delete"]), GROUPS)
UPDATES = st.lists(OPERATIONS, max_size=4).map(" ; ".join)


@given(UPDATES, UPDATES)
def test_data_comes_to_what_the_engine_makes_of_it(given_before: str, text: str) -> None:
    """The patch of an update of data, found without the store it is for, is what the engine changes in that."""
    stores = pyoxigraph.Store(), pyoxigraph.Store()
    for store in stores:
        store.update(given_before)
    engine, ours = stores
    before = snapshot(engine)
    change = Change("update", "http://a/", text=text)
    assert is_data_alone(read(text, "update"))
    patch = data_change(ours, change)
    carry_out(engine, change)
    assert patch == difference(before, snapshot(engine))
    apply(ours, patch)
    assert difference(snapshot(ours), snapshot(engine)).is_empty


@pytest.mark.parametrize(
    "text",
    [
        "CLEAR ALL",
        "DROP GRAPH <http://a/g>",
        "CREATE GRAPH <http://a/new>",
        "CREATE SILENT GRAPH <http://a/g>",
        "DELETE WHERE { ?s ?p ?o }",
        "WITH <http://a/g> DELETE { ?s ?p ?o } INSERT { ?s ?p 'x' } WHERE { ?s ?p ?o }",
        "MOVE GRAPH <http://a/g> TO DEFAULT",
        "COPY DEFAULT TO <http://a/h>",
        "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT DATA { _:b <http://a/p> 2 } ; CLEAR DEFAULT",
    ],
)
def test_any_other_update_is_compared_whole(tmp_path: Path, text: str) -> None:
    """The patch of an update on disk, taken back, leaves what was there before, empty graphs included."""
    store = pyoxigraph.Store(tmp_path / "oxigraph")
    store.update("INSERT DATA { <http://a/s> <http://a/p> 1 . GRAPH <http://a/g> { <http://a/s> <http://a/p> 2, 3 } }")
    store.add_graph(pyoxigraph.NamedNode("http://a/empty"))
    store.flush()
    kept = pyoxigraph.Store()
    kept.extend(store)
    kept.add_graph(pyoxigraph.NamedNode("http://a/empty"))
    del store
    assert not is_data_alone(read(text, "update"))
    patch = apply_change(tmp_path / "oxigraph", Change("update", "http://a/", text=text)).patch
    after = pyoxigraph.Store(tmp_path / "oxigraph")
    assert patch == difference(snapshot(kept), snapshot(after))
    apply(after, patch.inverse())
    assert difference(snapshot(kept), snapshot(after)).is_empty


@pytest.mark.parametrize("kind", ["replace", "add", "remove"])
@pytest.mark.parametrize("graph", [None, "http://a/g", "http://a/new"])
def test_a_change_of_a_graph_comes_to_what_it_is(tmp_path: Path, kind: str, graph: str | None) -> None:
    """The patch of a document says what the graph had and has, each number by its value."""
    store = pyoxigraph.Store(tmp_path / "oxigraph")
    store.update("INSERT DATA { <http://a/s> <http://a/p> 1 . GRAPH <http://a/g> { <http://a/s> <http://a/p> 1, 3 } }")
    store.flush()
    del store
    before = pyoxigraph.Store()
    before.extend(pyoxigraph.Store.read_only(str(tmp_path / "oxigraph")))
    document = Document(TRIG, b"<http://a/s> <http://a/p> 01, 2 .")
    change = Change(kind, "http://a/", graph=graph, documents=() if kind == "remove" else (document,))  # type: ignore[arg-type]
    if (kind, graph) == ("remove", "http://a/new"):
        return
    applied = apply_change(tmp_path / "oxigraph", change)
    after = pyoxigraph.Store.read_only(str(tmp_path / "oxigraph"))
    assert applied.patch == difference(snapshot(before), snapshot(after))
    assert applied.existed == (graph != "http://a/new")
