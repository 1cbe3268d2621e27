from pathlib import Path

import pyoxigraph
import pytest

from kg.store import updating
from kg.store.contents import clone
from kg.store.updating import Change, apply_change
from kg.store.versions import Store
from signing import published


def test_many_changes_do_not_make_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change upon change, the files of a version stay few and hold all that was written, blank nodes as they were."""
    monkeypatch.setattr(updating, "MOST_FILES", 20)
    last = published(Store(tmp_path), b"_:b <http://a/p> <http://a/o> <http://a/g> .\n").oxigraph
    before = set(pyoxigraph.Store.read_only(str(last)))
    apply_change(last, Change("update", "http://a/", text="CREATE GRAPH <http://a/empty>"))
    for number in range(9):
        oxigraph = tmp_path / str(number) / "oxigraph"
        oxigraph.parent.mkdir()
        clone(last, oxigraph)
        apply_change(oxigraph, Change("update", "http://a/", text=f"INSERT DATA {{ <s> <p> {number} }}"))
        assert [path.name for path in oxigraph.parent.iterdir()] == ["oxigraph"]
        last = oxigraph
    assert len(list(last.glob("*.sst"))) <= 20
    store = pyoxigraph.Store.read_only(str(last))
    assert len(store) == 10
    assert before <= set(store)
    assert store.contains_named_graph(pyoxigraph.NamedNode("http://a/empty"))
