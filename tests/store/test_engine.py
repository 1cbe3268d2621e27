import json
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest

from kg.domain import NotAcceptableError, QuerySyntaxError, RemoteError
from kg.rdf import CSV, GRAPH_FORMS, JSON, N_TRIPLES, RESULT_FORMS, TURTLE, Form
from kg.store import FUNCTIONS, Dataset, Engine, LocalEvaluator, Query, RequestedDataset, Store, Version
from signing import published

OBJECTS = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
NAMED = "SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o"


def query(text: str) -> Query:
    """Make a query whose default dataset takes in the queried graph."""
    return Query(text, base_iri="http://a/sparql", queried_graphs=("http://a/queried",), results=CSV, graph=N_TRIPLES)


def lines(version: Version, asked: Query) -> list[str]:
    """Answer in CSV and return the rows."""
    return LocalEvaluator().evaluate(version, asked).body.decode().split()[1:]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (OBJECTS, ["1", "d"]),
        (NAMED, ["1", "2"]),
        ("SELECT ?o FROM <http://a/apart> { ?s ?p ?o }", ["2"]),
        ("SELECT ?o FROM NAMED <http://a/apart> { GRAPH ?g { ?s ?p ?o } }", ["2"]),
        ("SELECT ?o { ?s ?p ?o FILTER(?o != 'FROM') } # FROM\nORDER BY ?o", ["1", "d"]),
    ],
)
def test_the_dataset_of_a_query(version: Version, text: str, rows: list[str]) -> None:
    """A query that names no dataset sees the default graph and the queried graphs merged, and all named graphs."""
    assert lines(version, query(text)) == rows


def test_the_dataset_of_the_request_comes_first(version: Version) -> None:
    """The dataset that the protocol names replaces what the text names."""
    named = RequestedDataset(named_graphs=("http://a/queried",))
    assert lines(version, replace(query(OBJECTS), dataset=RequestedDataset(("http://a/apart",)))) == ["2"]
    assert lines(version, replace(query("SELECT * FROM <http://a/queried> {?s ?p ?o}"), dataset=named)) == []
    assert lines(version, replace(query(NAMED), dataset=named)) == ["1"]


@pytest.mark.parametrize("form", RESULT_FORMS, ids=lambda form: form.name)
def test_every_result_form(version: Version, form: Form) -> None:
    """Solutions and booleans can be written in every result form."""
    for text in (OBJECTS, "ASK {}"):
        answer = LocalEvaluator().evaluate(version, replace(query(text), results=form))
        assert answer.form == form
        assert answer.body


@pytest.mark.parametrize("form", GRAPH_FORMS, ids=lambda form: form.name)
def test_every_graph_form(version: Version, form: Form) -> None:
    """Triples can be written in every graph form."""
    for text in ("CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://a/s>"):
        answer = LocalEvaluator().evaluate(version, replace(query(text), graph=form))
        assert answer.kind == "triples"
        assert b"http://a/s" in answer.body


def test_a_form_that_is_not_accepted_is_refused(version: Version) -> None:
    """A kind of answer for which the client accepts no form is an error that lists the offers."""
    with pytest.raises(NotAcceptableError, match="text/turtle"):
        LocalEvaluator().evaluate(version, replace(query("CONSTRUCT WHERE { ?s ?p ?o }"), graph=None))
    with pytest.raises(NotAcceptableError, match="text/csv"):
        LocalEvaluator().evaluate(version, replace(query("ASK {}"), results=None))


def test_a_syntax_error_says_where(version: Version) -> None:
    """A query that does not parse is an error with line, column and the line quoted."""
    with pytest.raises(QuerySyntaxError) as caught:
        LocalEvaluator().evaluate(version, query("SELECT *\n{ ?도시 ?p 한글 }"))
    assert caught.value.where
    assert (caught.value.where.line, caught.value.where.quoted_line) == (2, "{ ?도시 ?p 한글 }")


def test_an_unknown_function_leaves_its_variable_unbound(version: Version) -> None:
    """Calling a function nobody knows is an error of the expression, not of the query."""
    text = "SELECT ?a ?b { BIND(<http://x/f>(1) AS ?a) BIND(COALESCE(<http://x/g>(2), 'none') AS ?b) }"
    answer = LocalEvaluator().evaluate(version, replace(query(text), results=JSON))
    assert json.loads(answer.body)["results"]["bindings"] == [{"b": {"type": "literal", "value": "none"}}]


def test_what_the_engine_cannot_do_is_an_error_of_ours(version: Version) -> None:
    """An evaluation that the engine gives up leaves as an error with a cure."""
    with pytest.raises(RemoteError, match="SERVICE or LOAD failed"):
        LocalEvaluator().evaluate(version, query("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }"))


def test_an_answer_says_whether_it_may_be_kept(version: Version) -> None:
    """The answer to a query of the clock or of chance is volatile."""
    evaluator = LocalEvaluator()
    assert evaluator.evaluate(version, query("SELECT (NOW() AS ?now) {}")).volatile
    assert not evaluator.evaluate(version, query("SELECT ?now { ?now ?p 'RAND()' }")).volatile


def test_a_graph_and_its_absence(version: Version) -> None:
    """A graph is written whole; one that is not there is None; the default graph is always there."""
    evaluator = LocalEvaluator()
    assert evaluator.graph(version, "http://a/apart", N_TRIPLES) == b'<http://a/s> <http://a/p> "2" .\n'
    assert evaluator.graph(version, "http://a/none", TURTLE) is None
    assert evaluator.graph(version, None, N_TRIPLES) == b'<http://a/s> <http://a/p> "d" .\n'
    evaluator.close()


def test_the_functions_that_are_named_are_there() -> None:
    """Each function of the list is known to the engine; one that is not would be an error of the engine's own."""
    store = pyoxigraph.Store()
    for function in FUNCTIONS:
        assert store.query(f"SELECT (<{function}>(1, 2) AS ?x) {{}}")


def test_an_answer_goes_to_a_file(version: Version, tmp_path: Path) -> None:
    """The engine writes the answer into the file it is given."""
    engine = Engine(Dataset.of(version.checkout(), ("http://a/queried",)))
    assert engine.evaluate(query("ASK {}"), tmp_path / "answer") == ("boolean", CSV)
    assert (tmp_path / "answer").read_bytes() == b"true"


@pytest.mark.parametrize("text", [OBJECTS, NAMED, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://a/s>"])
def test_a_small_answer_is_the_same_without_a_file(version: Version, text: str) -> None:
    """In every form."""
    engine = Engine(Dataset.of(version.checkout(), ("http://a/queried",)))
    forms = [(results, graph) for results in RESULT_FORMS for graph in GRAPH_FORMS]
    for results, graph in forms if "CONSTRUCT" in text else forms[:: len(GRAPH_FORMS)]:
        asked = replace(query(text), results=results, graph=graph)
        assert engine.answer(asked) == LocalEvaluator().evaluate(version, asked)


def test_versions_of_several_stores_are_told_apart(version: Version, tmp_path: Path) -> None:
    """One evaluator answers each from its own content, the older as the newer."""
    store = Store(tmp_path / "other")
    other, newer = published(store, b'<http://a/s> <http://a/p> "x" .\n'), published(store, b"")
    evaluator = LocalEvaluator()
    for _ in range(2):
        answers = [evaluator.evaluate(one, query(OBJECTS)).body.decode().split()[1:] for one in (version, other, newer)]
        assert answers == [["1", "d"], ["x"], []]
