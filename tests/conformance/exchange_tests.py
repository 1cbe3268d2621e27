"""Runs a Protocol or Graph Store Protocol test: send its requests in order, look at each response."""

from __future__ import annotations

from urllib.parse import urljoin

from pyoxigraph import RdfFormat, parse

from conformance.comparison import compare_sets
from conformance.documents import quad_row
from conformance.exchanges import Exchange, ExpectedResponse
from conformance.harness import Harness
from conformance.manifest import ExchangeTest
from conformance.outcome import PASSED, ComparisonResult, failed
from conformance.server import QUERY_TYPE, UPDATE_TYPE, Addresses, Response
from conformance.solutions import CSV_TYPE, JSON_TYPE, TSV_TYPE, XML_TYPE, read_answer
from conformance.terms import Row

BOOLEAN_TYPES = {JSON_TYPE, XML_TYPE}
TABULAR_TYPES = BOOLEAN_TYPES | {CSV_TYPE, TSV_TYPE}
RDF_TYPES = {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"}
RESULT_FORMATS = {"boolean": BOOLEAN_TYPES, "tabular": TABULAR_TYPES, "RDF": RDF_TYPES}

UNAUTHORIZED = {401, 403}


def run_exchange_test(test: ExchangeTest, harness: Harness) -> ComparisonResult:
    """Send every request of a test; the first response that is wrong ends it."""
    harness.loader.load(test.dataset)
    harness.loader.forget()
    location: dict[str, str] = {}
    for number, exchange in enumerate(test.exchanges, start=1):
        url = request_url(exchange, test, harness.server.addresses)
        for variable, value in location.items():
            url = url.replace(variable, value)
        response = harness.server.send(
            exchange.method, url, dict(exchange.headers) | harness.server.authorization(), exchange.body
        )
        problem = wrong_with(response, exchange.expected)
        if problem:
            return failed(f"request {number} of {len(test.exchanges)}: {problem}")
        if exchange.expected.location_variable:
            location[exchange.expected.location_variable] = urljoin(url, response.headers["location"])
    return PASSED


def request_url(exchange: Exchange, test: ExchangeTest, addresses: Addresses) -> str:
    """Return the address that a path of the manifest stands for: ``/gsp…`` or ``/sparql/…``."""
    if test.kind == "GraphStoreProtocolTest":
        return addresses.graph_store.rstrip("/") + exchange.path.removeprefix("/gsp")
    address = addresses.update if is_update(exchange, test) else addresses.query
    return address + exchange.path.removeprefix("/sparql/")


def is_update(exchange: Exchange, test: ExchangeTest) -> bool:
    """Tell whether a request is for the update operation: by its media type, or by what the test is about."""
    media_type = dict(exchange.headers).get("content-type", "").partition(";")[0]
    if media_type in {QUERY_TYPE, UPDATE_TYPE}:
        return media_type == UPDATE_TYPE
    return "update" in test.iri.rpartition("#")[2]


def wrong_with(response: Response, expected: ExpectedResponse) -> str:
    """Say what is wrong with a response, or nothing."""
    if not any(response.status in codes for codes in expected.status_codes):
        return f"got {response.summary()}"
    if response.status in UNAUTHORIZED:
        return f"refused for another reason than the test's: {response.summary()}"
    if expected.location_variable and "location" not in response.headers:
        return "the response has no Location"
    wanted_type = dict(expected.headers).get("content-type", "").partition(";")[0]
    if wanted_type and response.media_type != wanted_type:
        return f"the Content-Type is {response.media_type or 'absent'}, not {wanted_type}"
    return wrong_with_format(response, expected) or wrong_with_body(response, expected)


def wrong_with_format(response: Response, expected: ExpectedResponse) -> str:
    """Say whether a query's answer is of the wrong kind, or the wrong boolean."""
    types = RESULT_FORMATS.get(expected.result_format)
    if types and response.media_type not in types:
        return f"the answer is {response.media_type}, not {expected.result_format}"
    if expected.boolean is not None and read_answer(response.body, response.media_type) is not expected.boolean:
        return f"the answer is not {expected.boolean}"
    return ""


def wrong_with_body(response: Response, expected: ExpectedResponse) -> str:
    """Say whether the graph of a response is another than the expected one."""
    if expected.body is None:
        return ""
    verdict = compare_sets(read_turtle(expected.body), read_turtle(response.body))
    return "" if verdict.is_pass else verdict.reason


def read_turtle(body: bytes) -> list[Row]:
    """Return the triples of a Turtle document."""
    return [quad_row(quad)[:3] for quad in parse(body, format=RdfFormat.TURTLE, base_iri="http://www.example/gsp")]
