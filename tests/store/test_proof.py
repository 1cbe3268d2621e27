"""What is committed can be read: in the dataset in every form, in other graphs as what it is."""

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.build import serialize_files
from kg.build.distributions import TABLES
from kg.diff import Checkout, Patch
from kg.domain import EvaluationError
from kg.rdf import GRAPH_FORMS, Form, serialize_triples
from kg.store import Change, Dataset, LocalEvaluator, evaluate_change
from kg.store.contents import lines_of
from kg.store.evaluator import accept
from kg.store.readback import MOST_NESTED, check_readable

BASE = "https://kg.seocho.example/"
OWN = f"{BASE}graphs/page"
APART = "http://a/apart"
IN_DATASET, BESIDE = [None, OWN], [APART, "_:g"]
REFUSED = {
    "a triple term": "<http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>>",
    "a base direction": "<http://a/s> <http://a/p> 'x'@ar--rtl",
    "a character that XML does not have": "<http://a/s> <http://a/p> 'a\\u0000b'",
    "another one": "<http://a/s> <http://a/p> 'a\\uFFFEb'",
    "a property that is no element": "<http://a/s> <http://a/1> 'x'",
    "a property without a local name": "<http://a/s> <http://a/> 'x'",
    "a property of the syntax": "<http://a/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 'x'",
}


def proved(update: str) -> None:
    """Evaluate an update of nothing and prove it."""
    evaluate_change(Dataset([OWN]), Change("update", BASE, text=update), accept)


def inserting(triple: str, graph: str | None) -> str:
    """Write the update that adds a triple to a graph."""
    name = graph if graph and graph.startswith("_") else f"<{graph}>"
    return f"INSERT DATA {{ {f'GRAPH {name} {{ {triple} }}' if graph else triple} }}"


@pytest.mark.parametrize("graph", IN_DATASET, ids=["default", "queried"])
@pytest.mark.parametrize("what", REFUSED)
def test_the_dataset_holds_what_every_form_has(what: str, graph: str | None) -> None:
    """Anything else is refused when it is committed, not when it is downloaded; the cure names another graph."""
    with pytest.raises(EvaluationError) as refused:
        proved(inserting(REFUSED[what], graph))
    assert "into another graph" in str(refused.value.cure)
    assert "그래프" in refused.value.cure.in_language("ko")


@pytest.mark.parametrize("what", REFUSED)
def test_other_graphs_hold_anything(what: str) -> None:
    """They are in no download; a form that can represent it is there."""
    proved(inserting(REFUSED[what], APART))


def nested(depth: int) -> str:
    """Write a triple whose object is a triple term so deep."""
    term = "1"
    for _ in range(depth):
        term = f"<<( <http://a/s> <http://a/p> {term} )>>"
    return f"<http://a/s> <http://a/p> {term}"


def test_nesting_has_a_limit_in_every_graph() -> None:
    """What other programs could not parse is refused, however it comes; what a literal says of it is text."""
    proved(inserting(nested(MOST_NESTED), APART))
    for depth in (MOST_NESTED + 1, 200):
        with pytest.raises(EvaluationError, match="nests deeper"):
            proved(inserting(nested(depth), APART))
    proved(inserting(f"<http://a/s> <http://a/p> '{nested(200)}', 'a\\\\\"{'<<(' * 50}'", None))


def test_what_is_moved_into_the_dataset_is_proved() -> None:
    """A copy of a graph is no way round."""
    with pytest.raises(EvaluationError, match=r"RDF 1\.2"):
        proved(f"{inserting(REFUSED['a triple term'], APART)} ; COPY <{APART}> TO <{OWN}>")


def test_what_was_there_before_is_not_asked_for() -> None:
    """Only what a changeset adds is proved: what stands can be removed."""
    line = '<http://a/s> <http://a/1> "x" .'
    dataset = Dataset.of(Checkout(patch=Patch(added=(line,))), [OWN])
    found = evaluate_change(dataset, Change("update", BASE, text="DELETE WHERE { ?s ?p ?o }"), accept)
    assert found.pending.patch == Patch(removed=(line,))


XSD = "http://www.w3.org/2001/XMLSchema#"
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        st.sampled_from("\t\n\r\"'\\<&>\u0085\u00a0\u2028\ufeff"),
    ),
    max_size=12,
)
DATATYPES = ["string", "integer", "decimal", "double", "boolean", "date", "dateTime", "gYear", "duration", "token"]
NAMES = st.from_regex(r"[A-Za-z_À-Ö가-힣][A-Za-z0-9_가-힣.-]{0,8}", fullmatch=True)
IRIS = st.one_of(
    st.builds("http://a/{}".format, NAMES),
    st.builds("http://a/{}#{}".format, NAMES, NAMES),
    st.builds("urn:x:{}".format, NAMES),
    st.sampled_from(["http://a/%20", "http://a/1", "http://a/?q=a&b='c'", "mailto:a@b.example", "http://a/(x)", "a:"]),
).map(pyoxigraph.NamedNode)
PROPERTIES = st.builds(
    lambda start, name: pyoxigraph.NamedNode(f"http://a/{start}{name}"), st.sampled_from(["", "x#", "1/", "%20"]), NAMES
)
BLANK_NODES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,6}[A-Za-z0-9]", fullmatch=True).map(pyoxigraph.BlankNode)
TAGS = st.sampled_from(["ko", "en-US", "zh-Hant-TW", "de-x-private", "EN", "sl-rozaj-biske"])
LITERALS = st.one_of(
    TEXTS.map(pyoxigraph.Literal),
    st.builds(lambda text, tag: pyoxigraph.Literal(text, language=tag), TEXTS, TAGS),
    st.builds(
        lambda text, name: pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(XSD + name)),
        st.one_of(TEXTS, st.sampled_from(["1", "01", "1.0", "1e0", "true", "INF", "-0", "2026-02-29", " 1 "])),
        st.sampled_from(DATATYPES),
    ),
    st.builds(lambda text, iri: pyoxigraph.Literal(text, datatype=iri), TEXTS, IRIS),
)
TRIPLES = st.lists(
    st.builds(
        pyoxigraph.Triple,
        st.one_of(IRIS, BLANK_NODES),
        PROPERTIES,
        st.one_of(IRIS, BLANK_NODES, LITERALS),
    ),
    max_size=5,
)


def read_back(triples: list[pyoxigraph.Triple], form: Form) -> set[tuple[str, ...]]:
    """Write triples in a form and read them; the blank nodes have no names."""
    return parsed(serialize_triples(triples, form), form)


def parsed(document: bytes, form: Form) -> set[tuple[str, ...]]:
    """Read the triples of a document."""
    format_ = pyoxigraph.RdfFormat.from_media_type(form.media_type)
    assert format_
    return anonymous(quad.triple for quad in pyoxigraph.parse(document, format_))


def anonymous(triples: object) -> set[tuple[str, ...]]:
    """Write terms down, blank nodes without their names."""
    found = set()
    for triple in triples:  # type: ignore[attr-defined]
        found.add(tuple("_:" if isinstance(term, pyoxigraph.BlankNode) else str(term) for term in triple))
    return found


@pytest.mark.filterwarnings("ignore:Serializing weird numerical")  # by rdflib, of a literal that is no value
@given(TRIPLES)
@example(
    [pyoxigraph.Triple(pyoxigraph.BlankNode("1"), pyoxigraph.NamedNode("http://a/p"), pyoxigraph.BlankNode("u-31"))]
)
@example(
    [
        pyoxigraph.Triple(
            pyoxigraph.NamedNode("http://a/s"),
            pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            pyoxigraph.NamedNode("http://a/1"),
        )
    ]
)
def test_what_is_proved_can_be_read_in_every_form(triples: list[pyoxigraph.Triple]) -> None:
    """Language tags, datatypes, blank nodes and any text come back; what goes through is in every download."""
    store = pyoxigraph.Store()
    store.extend(
        pyoxigraph.Quad(triple.subject, triple.predicate, triple.object, pyoxigraph.NamedNode(OWN))
        for triple in triples
    )
    lines = lines_of(store)
    try:
        check_readable(store, Patch.of(lines), [pyoxigraph.NamedNode(OWN)])
    except EvaluationError:
        return
    kept = [quad.triple for quad in store]
    for form in GRAPH_FORMS:
        assert read_back(kept, form) == anonymous(kept), form.name
    files = serialize_files("".join(f"{line}\n" for line in sorted(lines)).encode(), BASE)
    assert set(files.refused) <= set(TABLES)


@given(TRIPLES)
def test_what_is_usual_goes_through(triples: list[pyoxigraph.Triple]) -> None:
    """Nothing but what RDF/XML cannot write is refused of RDF 1.1."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    check_readable(store, Patch.of(lines_of(store)), [pyoxigraph.DefaultGraph()])


def test_an_operator_may_take_the_terms_of_rdf_1_2() -> None:
    """In the graphs of the dataset, too; every form must carry what is added unless it is set so."""
    change = Change("update", "http://a/", text="INSERT DATA { <s> <p> <<( <s> <p> 1 )>> }")
    assert LocalEvaluator(in_every_form=False).change(None, change).pending.patch.added
    with pytest.raises(EvaluationError, match=r"RDF 1\.2"):
        LocalEvaluator().change(None, change)
