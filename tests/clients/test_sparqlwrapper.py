"""SPARQLWrapper 2.0: every query form, return format and method, parameters, updates, errors."""

import csv
import io
from collections.abc import Callable
from typing import Any
from xml.dom.minidom import Document, Element, Text

import pytest
from rdflib import Graph

from clients.answers import Pairs, labels_of, values_of
from clients.endpoint import Endpoint
from clients.queries import (
    ASK,
    CONSTRUCT,
    DELETE,
    DESCRIBE,
    HONGKOU,
    INSERT,
    NAMES,
    NOTE,
    NOTES,
    SELECT,
    WRITTEN,
)

pytestmark = [
    pytest.mark.clients,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),  # its own converter
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),  # it leaves the response of an HTTP error open
]

METHODS = {
    "get": ("GET", "urlencoded"),
    "post": ("POST", "urlencoded"),
    "post-directly": ("POST", "postdirectly"),
}
"""The three query operations of the SPARQL Protocol (section 2.1) in SPARQLWrapper's terms."""
TABLES, GRAPHS = ("xml", "json", "csv", "tsv"), ("xml", "rdf+xml", "turtle", "n3", "json-ld")
EVERY_METHOD = pytest.mark.parametrize("method", METHODS)

Wrap = Callable[..., Any]


@pytest.fixture
def wrap(sparqlwrapper: Any, endpoint: Endpoint) -> Wrap:
    """Return a function that makes a wrapper for a query or an update."""

    def wrapped(text: str, return_format: str = "json", method: str = "get") -> Any:
        wrapper = sparqlwrapper.SPARQLWrapper(endpoint.query, endpoint.update)
        wrapper.setQuery(text)
        wrapper.setReturnFormat(return_format)
        http_method, request_method = METHODS[method]
        wrapper.setMethod(http_method)
        wrapper.setRequestMethod(request_method)
        wrapper.setTimeout(30)
        return wrapper

    return wrapped


def text_of(element: Document | Element) -> str:
    """Return the text inside an element."""
    nodes = (node for one in element.getElementsByTagName("*") for node in one.childNodes)
    return "".join(node.data for node in nodes if isinstance(node, Text)).strip()


def names_of(convert_graph: Any, return_format: str) -> Pairs:
    """Return the cities with their names from a converted SELECT."""
    match return_format:
        case "xml":
            assert isinstance(convert_graph, Document)
            results = [one.getElementsByTagName("binding") for one in convert_graph.getElementsByTagName("result")]
            rows = [{one.getAttribute("name"): text_of(one) for one in bindings} for bindings in results]
        case "json":
            bindings = convert_graph["results"]["bindings"]
            rows = [{name: term["value"] for name, term in binding.items()} for binding in bindings]
        case "csv":
            rows = list(csv.DictReader(io.StringIO(convert_graph.decode())))
        case _:
            values = values_of(convert_graph, "text/tab-separated-values")
            return {(iri, name) for iri, name in NAMES.items() if {iri, name} <= values}
    return {(row["city"], row["name"]) for row in rows}


def graph_of(result: Any) -> Pairs:
    """Return subjects and objects of a converted graph; Turtle is converted into bytes."""
    convert_graph = result.convert()
    if isinstance(convert_graph, Graph):
        return {(str(subject), str(value)) for subject, _, value in convert_graph}
    return labels_of(convert_graph, result.info()["content-type"])


@EVERY_METHOD
@pytest.mark.parametrize("return_format", TABLES)
def test_select(wrap: Wrap, return_format: str, method: str) -> None:
    """A SELECT converts to the same solutions in each results format."""
    assert names_of(wrap(SELECT, return_format, method).queryAndConvert(), return_format) == set(NAMES.items())


@EVERY_METHOD
@pytest.mark.parametrize("answer", ASK)
def test_ask(wrap: Wrap, method: str, *, answer: bool) -> None:
    """An ASK converts to its boolean in JSON and XML."""
    assert wrap(ASK[answer], "json", method).queryAndConvert()["boolean"] is answer
    assert text_of(wrap(ASK[answer], "xml", method).queryAndConvert()) == str(answer).lower()


@EVERY_METHOD
@pytest.mark.parametrize("return_format", ["csv", "tsv"])
def test_ask_as_text(wrap: Wrap, return_format: str, method: str) -> None:
    """An ASK in CSV or TSV, which define no boolean, is the word ``true``."""
    assert wrap(ASK[True], return_format, method).queryAndConvert().strip() == b"true"


@EVERY_METHOD
@pytest.mark.parametrize("return_format", GRAPHS)
def test_construct(wrap: Wrap, return_format: str, method: str) -> None:
    """A CONSTRUCT has the same triples in each RDF format."""
    assert graph_of(wrap(CONSTRUCT, return_format, method).query()) == set(NAMES.items())


@EVERY_METHOD
@pytest.mark.parametrize("return_format", GRAPHS)
def test_describe(wrap: Wrap, return_format: str, method: str) -> None:
    """A DESCRIBE has the label of the resource in each RDF format."""
    assert (HONGKOU, NAMES[HONGKOU]) in graph_of(wrap(DESCRIBE, return_format, method).query())


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning", "ignore:unknown response:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:Format requested was:RuntimeWarning")
@EVERY_METHOD
@pytest.mark.parametrize(
    ("query", "return_format"),
    [
        *(pytest.param(SELECT, name, id=f"select-{name}") for name in ("turtle", "n3", "rdf", "rdf+xml", "json-ld")),
        *(pytest.param(CONSTRUCT, name, id=f"construct-{name}") for name in ("rdf", "json", "csv", "tsv")),
    ],
)
def test_format_of_another_query_form(wrap: Wrap, query: str, return_format: str, method: str) -> None:
    """A format parameter that does not fit the query form is ignored: ``Accept: */*`` decides."""
    wrapper = wrap(query, return_format, method)
    result = wrapper.query()
    assert values_of(result.response.read(), result.info()["content-type"]) >= {*NAMES, *NAMES.values()}
    assert wrapper.queryAndConvert()


@EVERY_METHOD
def test_negotiation_alone(wrap: Wrap, method: str) -> None:
    """With content negotiation alone the Accept header decides."""
    wrapper = wrap(CONSTRUCT, "turtle", method)
    wrapper.setOnlyConneg(True)
    assert graph_of(wrapper.query()) == set(NAMES.items())


@EVERY_METHOD
@pytest.mark.parametrize(("name", "value"), [("timeout", "30000"), ("infer", "false"), ("should-sponge", "soft")])
def test_parameter_of_another_server(wrap: Wrap, name: str, value: str, method: str) -> None:
    """A parameter for another server does not make the query fail."""
    wrapper = wrap(SELECT, "json", method)
    wrapper.addParameter(name, value)
    assert names_of(wrapper.queryAndConvert(), "json") == set(NAMES.items())


@EVERY_METHOD
def test_default_graph(wrap: Wrap, written_graph: str, method: str) -> None:
    """The client's default graph is all that a query sees."""
    wrapper = wrap(NOTES, "json", method)
    wrapper.addDefaultGraph(written_graph)
    assert [row["note"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == [NOTE]
    everything = wrap("SELECT * WHERE { ?s ?p ?o }", "json", method)
    everything.addParameter("default-graph-uri", written_graph)
    assert len(everything.queryAndConvert()["results"]["bindings"]) == 1


@EVERY_METHOD
def test_named_graph(wrap: Wrap, written_graph: str, method: str) -> None:
    """The client's named graph is all that ``GRAPH`` sees."""
    wrapper = wrap("SELECT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }", "json", method)
    wrapper.addNamedGraph(written_graph)
    assert [row["graph"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == [written_graph]


def authorize(wrapper: Any, endpoint: Endpoint, kind: str) -> None:
    """Send the token as a bearer token, or as the password of any user."""
    if kind == "bearer":
        wrapper.addCustomHttpHeader("Authorization", endpoint.authorization)
    else:
        wrapper.setHTTPAuth("BASIC")
        wrapper.setCredentials("office", endpoint.token)


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("method", ["post", "post-directly"])
@pytest.mark.parametrize("kind", ["bearer", "basic"])
@pytest.mark.parametrize("return_format", ["xml", "json"])
def test_update(wrap: Wrap, endpoint: Endpoint, return_format: str, kind: str, method: str) -> None:
    """An update is applied with either kind of credentials, and its response converts without a warning."""
    for update, is_written in ((INSERT, True), (DELETE, False)):
        wrapper = wrap(update, return_format, method)
        authorize(wrapper, endpoint, kind)
        wrapper.queryAndConvert()
        assert endpoint.holds(WRITTEN) is is_written


def test_bindings(sparqlwrapper: Any, endpoint: Endpoint) -> None:
    """SPARQLWrapper2 returns bindings with language tags."""
    wrapper = sparqlwrapper.SPARQLWrapper2(endpoint.query)
    wrapper.setQuery(SELECT)
    rows = wrapper.query().bindings
    assert {(row["city"].value, row["name"].value, row["name"].lang) for row in rows} == {
        (iri, name, "ko") for iri, name in NAMES.items()
    }


def test_dataframe(sparqlwrapper: Any, endpoint: Endpoint) -> None:
    """``get_sparql_dataframe`` returns one row per city."""
    frame = sparqlwrapper.get_sparql_dataframe(endpoint.query, SELECT)
    assert set(zip(frame["city"], frame["name"], strict=True)) == set(NAMES.items())


def test_malformed_query(wrap: Wrap, sparqlwrapper: Any) -> None:
    """A malformed query raises the client's ``QueryBadFormed``."""
    with pytest.raises(sparqlwrapper.SPARQLExceptions.QueryBadFormed):
        wrap("SELECT * WHERE {").query()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("method", ["post", "post-directly"])
def test_update_without_a_token(wrap: Wrap, sparqlwrapper: Any, endpoint: Endpoint, method: str) -> None:
    """An update without a token raises the client's ``Unauthorized``."""
    with pytest.raises(sparqlwrapper.SPARQLExceptions.Unauthorized):
        wrap(INSERT, "json", method).query()
    assert not endpoint.holds(WRITTEN)
