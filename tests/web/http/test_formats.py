"""The format of an answer: what clients send, and what a format can represent."""

import json
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from flask.testing import FlaskClient

from json_ld_documents import self_contained

SELECT = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
NO_NAME = "CONSTRUCT { <http://a/s> <http://a/123> 1 } {}"
CONTROL = 'SELECT ("a\\u0001b" AS ?x) {}'
TRIPLE_TERM = "CONSTRUCT { <http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>> } {}"
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WRAPPER = "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3,text/n3"
"""What SPARQLWrapper accepts of Turtle."""
JSON_LD_FORMAT = pyoxigraph.RdfFormat.JSON_LD


@pytest.mark.parametrize(
    ("query", "parameters", "accept", "media_type"),
    [
        (CONSTRUCT, "format=xml&output=xml&results=xml", "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "format=xml", "*/*", "application/rdf+xml"),
        (CONSTRUCT, "format=xml", XML, "application/rdf+xml"),
        (CONSTRUCT, "format=n3&output=n3&results=n3", WRAPPER, "text/turtle"),
        (CONSTRUCT, "output=n3", "*/*", "text/turtle"),
        (CONSTRUCT, "results=json", "*/*", "application/ld+json"),
        (CONSTRUCT, "format=json", f"{JSON},application/json", "application/json"),
        (CONSTRUCT, "format=json-ld", "*/*", "application/ld+json"),
        (CONSTRUCT, "format=rdf%2Bxml", "*/*", "application/rdf+xml"),
        (CONSTRUCT, "format=rdf+xml", "*/*", "application/rdf+xml"),
        (CONSTRUCT, "format=application/rdf+xml", "*/*", "application/rdf+xml"),
        (CONSTRUCT, "format=text/turtle;version%3D1.2", "*/*", "text/turtle"),
        (CONSTRUCT, "format=auto", "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "format=", "application/trig", "application/trig"),
        (CONSTRUCT, "format=csv&output=csv&results=csv", "application/n-triples,text/csv", "application/n-triples"),
        (CONSTRUCT, "format=csv&format=nt", "*/*", "application/n-triples"),
        (CONSTRUCT, "format=csv&output=csv&results=csv", "*/*", "text/turtle"),
        (SELECT, "format=turtle&output=turtle&results=turtle", "*/*", JSON),
        (CONSTRUCT, "format=nonsense", "application/ld+json", "application/ld+json"),
        (SELECT, "format=json&output=json&results=json", f"{JSON},application/json,text/javascript", JSON),
        (SELECT, "format=json&format=json", "*/*", JSON),
        (SELECT, "format=xml&format=json", "*/*", XML),
        (SELECT, "format=turtle&output=tsv", "*/*", "text/tab-separated-values"),
        (SELECT, "format=turtle", "text/turtle", "application/sparql-results+json"),
        (CONSTRUCT, "", "application/sparql-results+json", "text/turtle"),
        (SELECT, "format=application/sparql-results+json", "*/*", JSON),
        (SELECT, "Accept=text/csv", "*/*", "text/csv"),
        (SELECT, "format=csv", BROWSER, "text/csv"),
        (SELECT, "format=auto", "text/csv", "text/csv"),
        (SELECT, "format=n3", f"text/csv, {JSON};q=0.5", "text/csv"),
        (SELECT, "format=html", "*/*", "text/html"),
        (SELECT, "", f"{JSON}; version=1.2", JSON),
        (CONSTRUCT, "", "text/turtle;version=1.2", "text/turtle"),
        (CONSTRUCT, "", 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        (CONSTRUCT, "", "text/n3", "text/n3"),
    ],
)
def test_a_format_is_read_as_other_servers_read_it(
    client: FlaskClient, query: str, parameters: str, accept: str, media_type: str
) -> None:
    """The first usable parameter decides, under any of its names; then Accept, whatever parameters its ranges have."""
    answer = client.get(f"/sparql?query={query}&{parameters}", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media_type)


@pytest.mark.parametrize(
    ("query", "parameters", "accept", "status"),
    [
        (SELECT, "format=turtle", BROWSER, 406),
        (SELECT, "format=docx", BROWSER, 400),
        (SELECT, "format=docx", "*/*", 400),
        (SELECT, "", "image/png; version=1.2", 406),
    ],
)
def test_a_format_that_cannot_be_is_refused(
    client: FlaskClient, query: str, parameters: str, accept: str, status: int
) -> None:
    """Where neither the parameters nor Accept name a usable format, the answer lists those that are."""
    answer = client.get(f"/sparql?query={query}&{parameters}", headers={"Accept": accept})
    assert answer.status_code == status
    if accept != BROWSER:
        assert ("csv" if status == 400 else "/") in answer.get_json()["cure"]


@pytest.mark.parametrize(
    ("query", "accept", "able"),
    [
        (NO_NAME, "application/rdf+xml", "text/turtle"),
        (CONTROL, XML, JSON),
        (CONTROL, "application/xml", JSON),
        (TRIPLE_TERM, "application/ld+json", "text/turtle"),
    ],
)
def test_a_format_that_cannot_represent_the_answer_is_refused(
    client: FlaskClient, query: str, accept: str, able: str
) -> None:
    """406 names the formats that can; the next one that the client accepts is taken where there is one."""
    asked = {"query": query}
    refused = client.get("/sparql", query_string=asked, headers={"Accept": accept})
    assert (refused.status_code, refused.get_json()["type"]) == (406, "http://localhost/problems/format")
    assert able in refused.get_json()["cure"]
    assert accept not in refused.get_json()["cure"]
    taken = client.get("/sparql", query_string=asked, headers={"Accept": f"{accept}, {able};q=0.1"})
    assert (taken.status_code, taken.mimetype) == (200, able)
    again = client.get("/sparql", query_string=asked, headers={"Accept": f"{accept}, */*;q=0.1"})
    assert again.status_code == 200
    fixed = client.get("/sparql", query_string={**asked, "format": accept}, headers={"Accept": "*/*"})
    assert fixed.status_code == 406


def test_what_xml_can_carry_is_sent(client: FlaskClient) -> None:
    """A parser reads carriage returns, markup and letters of any script as they are."""
    value = "a\rb\r\n<&>\"' 서초 😀"
    answer = client.post(
        "/sparql",
        data="SELECT (?v AS ?x) { VALUES ?v { " + json.dumps(value, ensure_ascii=False) + " } }",
        headers={"Accept": XML, "Content-Type": "application/sparql-query"},
    )
    assert ET.fromstring(answer.data).findtext(".//{*}literal") == value  # noqa: S314 - our own answer


@pytest.mark.parametrize("media_type", ["application/rdf+xml", "application/ld+json"])
def test_a_graph_that_a_format_cannot_represent(
    client: FlaskClient, authorized: dict[str, str], media_type: str
) -> None:
    """The Graph Store takes RDF 1.2 and any IRI, and gives them in the formats that can."""
    turtle = "<http://a/s> <http://a/1> <<( <http://a/s> <http://a/p> 1 )>> ."
    headers = {**authorized, "Content-Type": "text/turtle; version=1.2"}
    assert client.put("/graphs/odd", data=turtle, headers=headers).status_code == 201
    refused = client.get("/graphs/odd", headers={"Accept": media_type})
    assert (refused.status_code, refused.get_json()["type"]) == (406, "http://localhost/problems/format")
    taken = client.get("/graphs/odd", headers={"Accept": f"{media_type}, application/n-triples;q=0.2"})
    assert (taken.status_code, taken.mimetype) == (200, "application/n-triples")


@pytest.mark.parametrize(
    ("query", "format_", "content_type"),
    [
        (TRIPLE_TERM, "ttl", "text/turtle; charset=utf-8; version=1.2"),
        (TRIPLE_TERM, "nt", "application/n-triples; version=1.2"),
        (TRIPLE_TERM, "rdf", "application/rdf+xml; version=1.2"),
        ('SELECT (STRLANGDIR("a", "ar", "rtl") AS ?x) {}', "json", f"{JSON}; version=1.2"),
        ('SELECT (STRLANGDIR("a", "ar", "rtl") AS ?x) {}', "xml", f"{XML}; version=1.2"),
        ("SELECT (<<( <http://a/s> <http://a/p> 1 )>> AS ?x) {}", "tsv",
         "text/tab-separated-values; charset=utf-8; version=1.2"),
        ('SELECT ("<<( --rtl" AS ?x) ("its:dir=" AS ?y) {}', "json", JSON),
        ('SELECT ("<<( --rtl" AS ?x) ("<triple>" AS ?y) ("its:dir=\\"rtl\\"" AS ?z) {}', "xml", XML),
        ('CONSTRUCT { <http://a/s> <http://a/--rtl> "<<( \\" --rtl" } {}', "ttl", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "rdf", "application/rdf+xml"),
    ],
)  # fmt: skip
def test_an_answer_announces_the_version_it_needs(
    client: FlaskClient, query: str, format_: str, content_type: str
) -> None:
    """RDF 1.2 is announced where a triple term or a base direction is used, and nowhere else."""
    answer = client.get("/sparql", query_string={"query": query, "format": format_})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)


MANY = """CONSTRUCT { <http://a/s> <http://a/p> "1", "2"@en, <http://a/o> . <http://a/o> <http://a/p> "3" } {}"""
JSON_LD = "http://www.w3.org/ns/json-ld#"
KG = "https://kg.seocho.example/ontology#"


PROFILED = {"compacted": '{"@context":"http://localhost/downloads/context.jsonld"', "expanded": "[", "flattened": "["}


@pytest.mark.parametrize("query", [MANY, "CONSTRUCT { <http://a/s> <http://a/p> 1 } {}", "CONSTRUCT {} {}"])
@pytest.mark.parametrize("form", ["compacted", "expanded", "flattened", "framed"])
def test_json_ld_comes_in_the_document_form_asked_for(client: FlaskClient, query: str, form: str) -> None:
    """The profile is said in the answer, and the document says the same in each; an unknown profile is ignored."""
    asked = {"query": query, "format": "jsonld"}
    turtle = client.get("/sparql", query_string={"query": query})
    accept = f'application/ld+json; profile="http://a/unknown {JSON_LD}{form}"'
    answer = client.get("/sparql", query_string=asked, headers={"Accept": accept})
    assert answer.content_type == f'application/ld+json; profile="{JSON_LD}{form}"'
    assert answer.text.startswith(PROFILED.get(form, PROFILED["compacted"]))
    read = [pyoxigraph.parse(turtle.data, pyoxigraph.RdfFormat.TURTLE)]
    read.append(pyoxigraph.parse(self_contained(answer.data), JSON_LD_FORMAT))
    assert {quad.triple for quad in read[0]} == {quad.triple for quad in read[1]}
    plain = client.get("/sparql", query_string=asked)
    assert plain.content_type == "application/ld+json"
    assert plain.headers["ETag"] != answer.headers["ETag"]
    again = client.get("/sparql", query_string=asked, headers={"Accept": accept})
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_compacted_json_ld_is_linked_to_its_context(client: FlaskClient) -> None:
    """It is what comes unasked, for each media type of JSON-LD; the context that it names is there."""
    query = f"CONSTRUCT {{ <http://a/s> a <{KG}Municipality> ; <{KG}title> 'x'@ko ; <{KG}headCount> 7 }} {{}}"
    for accept in ("application/ld+json", "application/json"):
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
        (node,) = answer.get_json(force=True)["@graph"]
        assert node == {"id": "http://a/s", "type": ["Municipality"], "headCount": 7, "title": {"ko": "x"}}
        link = f'<{answer.get_json(force=True)["@context"]}>; rel="{JSON_LD}context"; type="application/ld+json"'
        assert link in answer.headers["Link"]
        assert 'rel="bookmark memento"' in answer.headers["Link"]
    published = client.get("/downloads/context.jsonld")
    assert published.get_json(force=True)["@context"]["title"] == {"@id": "kg:title", "@container": "@language"}


@pytest.mark.parametrize("iri", ["geo:37.5,127.0", "wd:x"])
def test_an_iri_that_a_prefix_would_change_stays(client: FlaskClient, iri: str) -> None:
    """Such a document is expanded, and says so."""
    query = f"CONSTRUCT {{ <{iri}> <http://a/p> <{iri}> }} {{}}"
    answer = client.get("/sparql", query_string={"query": query, "format": "jsonld"})
    assert answer.content_type == f'application/ld+json; profile="{JSON_LD}expanded"'
    assert answer.get_json(force=True) == [{"@id": iri, "http://a/p": [{"@id": iri}]}]


def test_a_graph_read_as_json_ld_is_written_back(client: FlaskClient, authorized: dict[str, str]) -> None:
    """The link to the published context is understood, though no other document is loaded."""
    address = "/graphs?graph=http://a/g"
    fields = {**authorized, "Content-Type": "text/turtle"}
    client.put(address, data=f'<http://a/s> <{KG}title> "x"@ko .', headers=fields)
    read = client.get(address, headers={"Accept": "application/ld+json"}).data
    fields["Content-Type"] = "application/ld+json"
    assert client.put("/graphs?graph=http://a/h", data=read, headers=fields).status_code == 201
    assert client.get("/graphs?graph=http://a/h").data == client.get(address).data
    other = read.replace(b"localhost", b"example.org")
    assert client.put("/graphs?graph=http://a/h", data=other, headers=fields).status_code == 400


def test_a_permanent_link_fixes_the_format_that_was_given(client: FlaskClient) -> None:
    """It leads to the same bytes, whatever parameters the format was asked by."""
    asked = {"query": CONSTRUCT, "output": "xml", "results": "xml"}
    answer = client.get("/sparql", query_string=asked)
    target = answer.headers["Link"].partition(">")[0].removeprefix("<")
    assert "format=rdf" in target
    assert "output" not in target
    again = client.get(f"/sparql{target}", headers={"Accept": "text/csv"})
    assert (again.data, again.mimetype) == (answer.data, "application/rdf+xml")
