"""SPARQLWrapper 2.0: every query form, return format and method, parameters, updates, errors."""

import csv
import io
from collections.abc import Callable
from typing import Any
from xml.dom.minidom import Document, Element, Text

import pytest
from rdflib import Graph

from clients.endpoint import Endpoint
from clients.questions import (
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
from clients.reading import Pairs, labels_of, values_of

pytestmark = [
    pytest.mark.clients,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),  # its own converter
]

MANNERS = {
    "get": ("GET", "urlencoded"),
    "post": ("POST", "urlencoded"),
    "post-directly": ("POST", "postdirectly"),
}
"""The three operations of the SPARQL Protocol (section 2.1), as SPARQLWrapper calls them."""
TABLES, GRAPHS = ("xml", "json", "csv", "tsv"), ("xml", "rdf+xml", "turtle", "n3", "json-ld")
EVERY_MANNER = pytest.mark.parametrize("manner", MANNERS)

Wrap = Callable[..., Any]


@pytest.fixture
def wrap(sparqlwrapper: Any, endpoint: Endpoint) -> Wrap:
    """Make a wrapper of a query or an update."""

    def wrapped(text: str, return_format: str = "json", manner: str = "get") -> Any:
        wrapper = sparqlwrapper.SPARQLWrapper(endpoint.query, endpoint.update)
        wrapper.setQuery(text)
        wrapper.setReturnFormat(return_format)
        method, request_method = MANNERS[manner]
        wrapper.setMethod(method)
        wrapper.setRequestMethod(request_method)
        wrapper.setTimeout(30)
        return wrapper

    return wrapped


def text_of(element: Document | Element) -> str:
    """Return the text of what stands inside an element."""
    nodes = (node for one in element.getElementsByTagName("*") for node in one.childNodes)
    return "".join(node.data for node in nodes if isinstance(node, Text)).strip()


def names_of(converted: Any, return_format: str) -> Pairs:
    """Return the cities with their names, as each format is converted."""
    match return_format:
        case "xml":
            assert isinstance(converted, Document)
            results = [one.getElementsByTagName("binding") for one in converted.getElementsByTagName("result")]
            rows = [{one.getAttribute("name"): text_of(one) for one in bindings} for bindings in results]
        case "json":
            bindings = converted["results"]["bindings"]
            rows = [{name: term["value"] for name, term in binding.items()} for binding in bindings]
        case "csv":
            rows = list(csv.DictReader(io.StringIO(converted.decode())))
        case _:
            values = values_of(converted, "text/tab-separated-values")
            return {(iri, name) for iri, name in NAMES.items() if {iri, name} <= values}
    return {(row["city"], row["name"]) for row in rows}


def graph_of(result: Any) -> Pairs:
    """Return subjects and objects of a converted graph; a text is converted into bytes, to be parsed by others."""
    converted = result.convert()
    if isinstance(converted, Graph):
        return {(str(subject), str(value)) for subject, _, value in converted}
    return labels_of(converted, result.info()["content-type"])


@EVERY_MANNER
@pytest.mark.parametrize("return_format", TABLES)
def test_select(wrap: Wrap, return_format: str, manner: str) -> None:
    """A SELECT is converted into the same rows from each format of a table."""
    assert names_of(wrap(SELECT, return_format, manner).queryAndConvert(), return_format) == set(NAMES.items())


@EVERY_MANNER
@pytest.mark.parametrize("answer", ASK)
def test_ask(wrap: Wrap, manner: str, *, answer: bool) -> None:
    """An ASK is converted into its truth value from both formats that have one."""
    assert wrap(ASK[answer], "json", manner).queryAndConvert()["boolean"] is answer
    assert text_of(wrap(ASK[answer], "xml", manner).queryAndConvert()) == str(answer).lower()


@EVERY_MANNER
@pytest.mark.parametrize("return_format", ["csv", "tsv"])
def test_ask_for_a_table(wrap: Wrap, return_format: str, manner: str) -> None:
    """An ASK asked for in a format that has no truth value says it in a word."""
    assert wrap(ASK[True], return_format, manner).queryAndConvert().strip() == b"true"


@EVERY_MANNER
@pytest.mark.parametrize("return_format", GRAPHS)
def test_construct(wrap: Wrap, return_format: str, manner: str) -> None:
    """A CONSTRUCT has the same triples in each format of a graph."""
    assert graph_of(wrap(CONSTRUCT, return_format, manner).query()) == set(NAMES.items())


@EVERY_MANNER
@pytest.mark.parametrize("return_format", GRAPHS)
def test_describe(wrap: Wrap, return_format: str, manner: str) -> None:
    """A DESCRIBE names the city in each format of a graph."""
    assert (HONGKOU, NAMES[HONGKOU]) in graph_of(wrap(DESCRIBE, return_format, manner).query())


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning", "ignore:unknown response:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:Format requested was:RuntimeWarning")
@EVERY_MANNER
@pytest.mark.parametrize(
    ("query", "return_format"),
    [
        *(pytest.param(SELECT, name, id=f"select-{name}") for name in ("turtle", "n3", "rdf", "rdf+xml", "json-ld")),
        *(pytest.param(CONSTRUCT, name, id=f"construct-{name}") for name in ("rdf", "json", "csv", "tsv")),
    ],
)
def test_a_return_format_of_another_query_form(wrap: Wrap, query: str, return_format: str, manner: str) -> None:
    """Where the parameter names a format that cannot hold the answer and Accept takes any, another format holds it."""
    wrapper = wrap(query, return_format, manner)
    result = wrapper.query()
    assert values_of(result.response.read(), result.info()["content-type"]) >= {*NAMES, *NAMES.values()}
    assert wrapper.queryAndConvert()


@EVERY_MANNER
def test_negotiation_alone(wrap: Wrap, manner: str) -> None:
    """Without the parameters for formats the Accept field decides."""
    wrapper = wrap(CONSTRUCT, "turtle", manner)
    wrapper.setOnlyConneg(True)
    assert graph_of(wrapper.query()) == set(NAMES.items())


@EVERY_MANNER
@pytest.mark.parametrize(("name", "value"), [("timeout", "30000"), ("infer", "false"), ("should-sponge", "soft")])
def test_a_parameter_of_another_server(wrap: Wrap, name: str, value: str, manner: str) -> None:
    """A parameter that programs add for the server they were written for does no harm."""
    wrapper = wrap(SELECT, "json", manner)
    wrapper.addParameter(name, value)
    assert names_of(wrapper.queryAndConvert(), "json") == set(NAMES.items())


@EVERY_MANNER
def test_default_graph(wrap: Wrap, written_graph: str, manner: str) -> None:
    """A query sees the default graph that the client names, and nothing else."""
    wrapper = wrap(NOTES, "json", manner)
    wrapper.addDefaultGraph(written_graph)
    assert [row["note"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == [NOTE]
    everything = wrap("SELECT * WHERE { ?s ?p ?o }", "json", manner)
    everything.addParameter("default-graph-uri", written_graph)
    assert len(everything.queryAndConvert()["results"]["bindings"]) == 1


@EVERY_MANNER
def test_named_graph(wrap: Wrap, written_graph: str, manner: str) -> None:
    """A query sees the named graph that the client names."""
    wrapper = wrap("SELECT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }", "json", manner)
    wrapper.addNamedGraph(written_graph)
    assert [row["graph"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == [written_graph]


def authorize(wrapper: Any, endpoint: Endpoint, kind: str) -> None:
    """Send the token as a header field, or as the password of anybody."""
    if kind == "bearer":
        wrapper.addCustomHttpHeader("Authorization", endpoint.authorization)
    else:
        wrapper.setHTTPAuth("BASIC")
        wrapper.setCredentials("office", endpoint.token)


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("manner", ["post", "post-directly"])
@pytest.mark.parametrize("kind", ["bearer", "basic"])
@pytest.mark.parametrize("return_format", ["xml", "json"])
def test_update(wrap: Wrap, endpoint: Endpoint, return_format: str, kind: str, manner: str) -> None:
    """Updates are applied, whatever the return format, and their answer is converted without a warning."""
    for update, is_written in ((INSERT, True), (DELETE, False)):
        wrapper = wrap(update, return_format, manner)
        authorize(wrapper, endpoint, kind)
        wrapper.queryAndConvert()
        assert endpoint.holds(WRITTEN) is is_written


def test_bindings(sparqlwrapper: Any, endpoint: Endpoint) -> None:
    """SPARQLWrapper2 gives the rows with the language of each text."""
    wrapper = sparqlwrapper.SPARQLWrapper2(endpoint.query)
    wrapper.setQuery(SELECT)
    rows = wrapper.query().bindings
    assert {(row["city"].value, row["name"].value, row["name"].lang) for row in rows} == {
        (iri, name, "ko") for iri, name in NAMES.items()
    }


def test_frame(sparqlwrapper: Any, endpoint: Endpoint) -> None:
    """Its shortcut to pandas gives one row for each city."""
    frame = sparqlwrapper.get_sparql_dataframe(endpoint.query, SELECT)
    assert set(zip(frame["city"], frame["name"], strict=True)) == set(NAMES.items())


def test_a_malformed_query_is_told(wrap: Wrap, sparqlwrapper: Any) -> None:
    """What is wrong arrives as the client's own error for it."""
    with pytest.raises(sparqlwrapper.SPARQLExceptions.QueryBadFormed):
        wrap("SELECT * WHERE {").query()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("manner", ["post", "post-directly"])
def test_an_update_without_a_token_is_told(wrap: Wrap, sparqlwrapper: Any, endpoint: Endpoint, manner: str) -> None:
    """What is not allowed arrives as the client's own error for it."""
    with pytest.raises(sparqlwrapper.SPARQLExceptions.Unauthorized):
        wrap(INSERT, "json", manner).query()
    assert not endpoint.holds(WRITTEN)
