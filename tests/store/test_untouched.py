import pytest

from kg.diff import Patch
from kg.sparql import read
from kg.store.protected_graphs import is_changed_by, is_named_by

BASE = "http://a/"
APART = "http://a/graphs/history"


@pytest.mark.parametrize(
    ("update", "is_named"),
    [
        (f"DROP GRAPH <{APART}>", True),
        (f"MOVE <http://a/one> TO <{APART}>", True),
        (f"COPY <{APART}> TO <http://a/one>", True),
        (f"ADD SILENT DEFAULT TO GRAPH <{APART}>", True),
        (f"LOAD <http://a/x> INTO GRAPH <{APART}>", True),
        (f"WITH <{APART}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", True),
        (f"INSERT {{ ?s ?p ?o }} USING NAMED <{APART}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}", True),
        ("BASE <http://a/graphs/> CLEAR GRAPH <history>", True),
        ("CLEAR GRAPH <graphs/history>", True),
        ("CLEAR DEFAULT ; PREFIX h: <http://a/graphs/history> CLEAR SILENT GRAPH h:", True),
        (f"INSERT DATA {{ <{APART}> <http://a/p> 'GRAPH <{APART}>' }}", False),
        ("PREFIX g: <http://a/graphs/> CLEAR GRAPH g:page ; CLEAR ALL", False),
    ],
)
def test_an_update_that_names_it_is_known(update: str, is_named: bool) -> None:  # noqa: FBT001 - the expectation
    """However it is named; to speak about it is no harm."""
    assert is_named_by(read(update, "update"), BASE, APART) is is_named


@pytest.mark.parametrize(
    ("patch", "is_touched"),
    [
        (Patch(added=(f'<http://a/s> <http://a/p> "1" <{APART}> .',)), True),
        (Patch(removed=(f"<http://a/s> <http://a/p> <http://a/o> <{APART}> .",)), True),
        (Patch(created=(APART,)), True),
        (Patch(added=(f"<http://a/s> <http://a/p> <{APART}> .",)), False),
        (Patch(added=(f"<http://a/s> <http://a/p> <{APART}> <http://a/one> .",)), False),
    ],
)
def test_a_patch_that_touches_it_is_known(patch: Patch, is_touched: bool) -> None:  # noqa: FBT001 - the expectation
    """A quad in it, not one about it."""
    assert is_changed_by(patch, APART) is is_touched
