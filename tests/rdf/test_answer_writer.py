import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from kg.domain import FormatError
from kg.rdf import (
    GRAPH_FORMS,
    JSON,
    JSON_LD,
    RDF_XML,
    RESULT_FORMS,
    TURTLE,
    XML,
    Form,
    convert_lines,
    serialize_triples,
    write_results,
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMESPACES = (
    *("http://a/", "http://a/x#", "urn:a:", RDF, "http://www.w3.org/2000/xmlns/"),
    "http://www.w3.org/XML/1998/namespace",
)
LOCALS = st.text(st.sampled_from("ab1-._:/é서😀·'(*"), max_size=4)
NODES = st.builds(lambda base, local: pyoxigraph.NamedNode(base + local), st.sampled_from(NAMESPACES), LOCALS)
SIMPLE = st.builds(lambda letter: pyoxigraph.NamedNode(f"http://a/{letter}"), st.sampled_from("abcd"))
PROPERTIES = st.one_of(SIMPLE, SIMPLE, st.just(pyoxigraph.NamedNode(f"{RDF}type")), NODES)
BLANK_NODES = st.sampled_from(["a1", "1a", "b-c", "u-31"]).map(pyoxigraph.BlankNode)
TEXTS = st.text(st.sampled_from("a <>&\"'\r\n\t\x00\x01\x0b\x7f\x85\u2028\ufffe\uffff]서😀"), max_size=3)
LITERALS = st.builds(pyoxigraph.Literal, TEXTS)
TRIPLES = st.builds(
    pyoxigraph.Triple, st.one_of(NODES, BLANK_NODES), PROPERTIES, st.one_of(NODES, BLANK_NODES, LITERALS)
)
PREFIXES = st.dictionaries(
    st.sampled_from(["a", "", "rdf", "xml", "xmlns", "its", "oxprefix", "서"]),
    st.sampled_from([*NAMESPACES, "http://a/a", "urn:"]),
    max_size=2,
)


def lines(triples: list[pyoxigraph.Triple]) -> list[str]:
    """Return triples as sorted lines, all blank nodes alike."""
    terms = [[triple.subject, triple.predicate, triple.object] for triple in triples]
    return sorted(
        " ".join("_:" if isinstance(term, pyoxigraph.BlankNode) else str(term) for term in row) for row in terms
    )


def read(document: bytes, form: Form) -> list[str]:
    """Return what a parser reads as sorted lines."""
    format_ = pyoxigraph.RdfFormat.from_media_type(form.media_type)
    return lines([quad.triple for quad in pyoxigraph.parse(document, format_)])


@given(st.lists(TRIPLES, min_size=1, max_size=3, unique=True), st.sampled_from(GRAPH_FORMS), PREFIXES)
def test_a_document_says_what_was_written_or_is_refused(
    triples: list[pyoxigraph.Triple], form: Form, prefixes: dict[str, str]
) -> None:
    """A parser reads the very triples; only RDF/XML refuses some, and then an XML parser never sees them."""
    try:
        document = serialize_triples(triples, form, prefixes)
    except FormatError:
        assert form is RDF_XML
        return
    assert read(document, form) == lines(triples)
    if form is RDF_XML:
        assert len(Graph().parse(data=document, format="xml")) == len(triples)


@pytest.mark.parametrize(
    ("triple", "refusing"),
    [
        ("<http://a/s> <http://a/1> 1 .", {RDF_XML}),
        (f"<http://a/s> <{RDF}li> 1 .", {RDF_XML}),
        (f"<http://a/s> <{RDF}bagID> 1 .", {RDF_XML}),
        ("<http://a/s> <http://www.w3.org/2000/xmlns/p> 1 .", {RDF_XML}),
        (r'<http://a/s> <http://a/p> "a\u0001b" .', {RDF_XML}),
        (r'<http://a/s> <http://a/p> "\uFFFE" .', {RDF_XML}),
        (r'<http://a/s> <http://a/p> "a\rb" .', set()),
        ("_:1 <http://a/p> _:2 .", set()),
        ("<http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>> .", {JSON_LD}),
        ("<http://a/s> <http://a/p> <<( <http://a/s> <http://a/1> 1 )>> .", {JSON_LD, RDF_XML}),
    ],
)
def test_what_a_format_cannot_represent_is_refused(triple: str, refusing: set[Form]) -> None:
    """A property without an XML name, a character beyond XML and a triple term are refused, and nothing else."""
    triples = [quad.triple for quad in pyoxigraph.parse(triple.encode(), pyoxigraph.RdfFormat.TURTLE)]
    for form in GRAPH_FORMS:
        if form not in refusing:
            assert read(serialize_triples(triples, form), form) == lines(triples)
            continue
        with pytest.raises(FormatError) as refused:
            serialize_triples(triples, form)
        assert "text/turtle" in str(refused.value.cure)
        assert form.media_type not in str(refused.value.cure)


def test_prefixes_come_in_order() -> None:
    """The same triples and prefixes make the same bytes."""
    prefixes = {name: f"http://a/{name}/" for name in "qwertyuiop"}
    head = convert_lines(b"<http://a/q/s> <http://a/w/p> <http://a/e/o> .", TURTLE, prefixes).splitlines()
    assert head[:-1] == [f"@prefix {name}: <http://a/{name}/> .".encode() for name in sorted(prefixes)]
    assert head[-1] == b"q:s w:p e:o ."


@pytest.mark.parametrize("form", RESULT_FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("text", ["a\rb\nc\td", "\x01", "\x00\x1f", "\uffff", "<&>\"'"])
def test_solutions_say_what_was_found_or_are_refused(tmp_path: Path, form: Form, text: str) -> None:
    """XML refuses what it has no character for; every other format can be asked for instead."""
    store, output = pyoxigraph.Store(), tmp_path / "results"
    store.add(
        pyoxigraph.Quad(
            pyoxigraph.NamedNode("http://a/s"), pyoxigraph.NamedNode("http://a/p"), pyoxigraph.Literal(text)
        )
    )
    results = store.query("SELECT ?o { ?s ?p ?o }")
    assert isinstance(results, pyoxigraph.QuerySolutions)
    if form is XML and text in ("\x01", "\x00\x1f", "\uffff"):
        with pytest.raises(FormatError) as refused:
            write_results(results, form, output)
        assert "application/sparql-results+json" in str(refused.value.cure)
        return
    write_results(results, form, output)
    if form is JSON:
        assert json.loads(output.read_bytes())["results"]["bindings"][0]["o"]["value"] == text
    if form is XML:
        assert ET.fromstring(output.read_bytes()).findtext(".//{*}literal") == text  # noqa: S314 - our own


def test_json_ld_names_types() -> None:
    """The types of a node stand under the keyword, where framing looks for them; a literal is no type."""
    lines = f'<http://a/s> <{RDF}type> <http://a/C> . <http://a/t> <{RDF}type> "x" .'
    nodes = {node["@id"]: node for node in json.loads(convert_lines(lines.replace(" . ", " .\n").encode(), JSON_LD))}
    assert nodes["http://a/s"]["@type"] == ["http://a/C"]
    assert nodes["http://a/t"][f"{RDF}type"] == [{"@value": "x"}]
