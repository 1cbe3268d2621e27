import pytest

from kg.errors import RequestError
from kg.store.engine import RdfDataset
from kg.store.using import with_using

DATASET = RdfDataset(("http://a/d",), ("http://a/n",))
CLAUSES = "USING <http://a/d> USING NAMED <http://a/n>"


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("INSERT {?s ?p 1} WHERE {?s ?p ?o}", f"INSERT {{?s ?p 1}} {CLAUSES} WHERE {{?s ?p ?o}}"),
        ("DELETE WHERE {?s ?p ?o}", f"DELETE  {{?s ?p ?o}} {CLAUSES} WHERE {{?s ?p ?o}}"),
        ("INSERT DATA { <s> <where> 'WHERE' } # WHERE", "INSERT DATA { <s> <where> 'WHERE' } # WHERE"),
        (
            "DELETE {?s ?p 1} WHERE {{SELECT * WHERE {?s ?p ?o}}} ; CLEAR ALL",
            f"DELETE {{?s ?p 1}} {CLAUSES} WHERE {{{{SELECT * WHERE {{?s ?p ?o}}}}}} ; CLEAR ALL",
        ),
    ],
)
def test_the_clauses_go_before_where(update: str, expected: str) -> None:
    """Each operation with a pattern gets the dataset; the rest of the update stays as it is."""
    assert with_using(update, DATASET) == expected


@pytest.mark.parametrize("clause", ["WITH <http://a/g> INSERT {} WHERE {}", "INSERT {} USING <http://a/g> WHERE {}"])
def test_two_datasets_are_one_too_many(clause: str) -> None:
    """An update that names its own dataset is refused."""
    with pytest.raises(RequestError):
        with_using(clause, DATASET)
