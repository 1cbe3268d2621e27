import pytest

from kg.domain import RequestError
from kg.sparql import read
from kg.sparql.rewriting import Knowledge
from kg.store import Change, RequestedDataset
from kg.store.using_clause import using_graphs

DATASET = RequestedDataset(("http://a/d",), ("http://a/n",))
CLAUSES = "USING <http://a/d> USING NAMED <http://a/n>"
UNKNOWN = Knowledge(list, lambda _term, _graph: False)


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("INSERT {?s ?p 1} WHERE {?s ?p ?o}", f"INSERT {{?s ?p 1}} {CLAUSES} WHERE {{?s ?p ?o}}"),
        ("DELETE WHERE {?s ?p ?o}", f"DELETE {{?s ?p ?o}} {CLAUSES} WHERE {{?s ?p ?o}}"),
        ("INSERT DATA { <s> <where> 'WHERE' } # WHERE", "INSERT DATA { <s> <where> 'WHERE' } # WHERE"),
        (
            "DELETE {?s ?p 1} WHERE {{SELECT * WHERE {?s ?p ?o}}} ; CLEAR ALL",
            f"DELETE {{?s ?p 1}} {CLAUSES} WHERE {{{{SELECT * WHERE {{?s ?p ?o}}}}}} ; CLEAR ALL",
        ),
    ],
)
def test_the_clauses_go_before_where(update: str, expected: str) -> None:
    """Each operation with a pattern gets the dataset; the rest of the update stays as it is."""
    assert using_graphs(Change("update", "http://a/", update, DATASET)) == [
        (False, "<http://a/d>"),
        (True, "<http://a/n>"),
    ]
    assert read(update, "update").rewritten(UNKNOWN, using=CLAUSES).strip() == expected


@pytest.mark.parametrize("clause", ["WITH <http://a/g> INSERT {} WHERE {}", "INSERT {} USING <http://a/g> WHERE {}"])
def test_two_datasets_are_one_too_many(clause: str) -> None:
    """An update that names its own dataset is refused."""
    with pytest.raises(RequestError):
        using_graphs(Change("update", "http://a/", clause, DATASET))
