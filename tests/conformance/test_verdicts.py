"""A test passes on the right response and fails on any other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conformance.exchanges import Exchange, ExpectedResponse
from conformance.federation import Endpoints
from conformance.harness import Harness
from conformance.loading import Loader
from conformance.manifest import (
    ConformanceTest,
    DatasetDocuments,
    Document,
    ExchangeTest,
    QueryEvaluationTest,
    ServiceDescriptionTest,
    SyntaxTest,
    UpdateEvaluationTest,
)
from conformance.outcome import ComparisonResult
from conformance.server import Addresses, Response, Server
from conformance.solutions import JSON_TYPE, XML_TYPE
from conformance.suite_run import verdict_on

ADDRESSES = Addresses("http://127.0.0.1:1/query", "http://127.0.0.1:1/update", "http://127.0.0.1:1/graphs")
DONE = Response(204, {}, b"")
ONE = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "http://example.org/s"}}]}}'
STATE = b"""{"head": {"vars": ["s", "p", "o", "g"]}, "results": {"bindings": [{
  "s": {"type": "uri", "value": "http://example.org/s"}, "p": {"type": "uri", "value": "http://example.org/p"},
  "o": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}]}}"""


@dataclass
class CannedServer(Server):
    """Sends nothing; answers with the given responses in turn, then with 204."""

    responses: list[Response] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """Answer with the next response."""
        del headers, body
        self.requests.append((method, url))
        return self.responses.pop(0) if self.responses else DONE


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """Write a small document that can stand for any file of a test."""
    path = tmp_path / "data.ttl"
    path.write_text("<http://example.org/s> <http://example.org/p> 1 .", "utf-8")
    return Document("https://w3c.github.io/rdf-tests/sparql/data.ttl", path)


def verdict(test: ConformanceTest, *responses: Response) -> ComparisonResult:
    """Run a test against canned responses, the one to loading the data first."""
    server = CannedServer(ADDRESSES, responses=[DONE, *responses])
    return verdict_on(test, Harness(server, Loader(server, "update"), Endpoints(port=1)))


def answered(body: bytes, media_type: str = JSON_TYPE, status: int = 200) -> Response:
    """Return a response with a body."""
    return Response(status, {"content-type": f"{media_type}; charset=utf-8"}, body)


def query_test(document: Document, tmp_path: Path) -> QueryEvaluationTest:
    """Return a test that expects one solution."""
    result = tmp_path / "result.srj"
    result.write_bytes(ONE)
    about = ("urn:t", "t", "s", "QueryEvaluationTest")
    expected = Document("https://w3c.github.io/rdf-tests/sparql/result.srj", result)
    dataset = DatasetDocuments((document,))
    return QueryEvaluationTest(
        *about, query=document, dataset=dataset, services=(), result=expected, lax_cardinality=False
    )


def test_a_query_is_judged_by_its_answer(document: Document, tmp_path: Path) -> None:
    """The right solutions in the form asked for pass; another form, other solutions, an error, half an answer fail."""
    test = query_test(document, tmp_path)
    assert verdict(test, answered(ONE)).is_pass
    assert not verdict(test, answered(ONE, XML_TYPE)).is_pass
    assert not verdict(test, answered(ONE.replace(b"org/s", b"org/t"))).is_pass
    assert not verdict(test, answered(ONE[:-9])).is_pass
    assert not verdict(test, answered(ONE, status=500)).is_pass


def test_data_that_cannot_be_loaded_fail_the_test(document: Document, tmp_path: Path) -> None:
    """A server that refuses the data is not asked the query."""
    server = CannedServer(ADDRESSES, responses=[answered(b"no", "text/plain", 403)])
    harness = Harness(server, Loader(server, "update"), Endpoints(port=1))
    assert "could not be loaded" in verdict_on(query_test(document, tmp_path), harness).reason


def test_the_same_dataset_is_loaded_once(document: Document, tmp_path: Path) -> None:
    """Two tests on one dataset need one write."""
    server = CannedServer(ADDRESSES, responses=[DONE, answered(ONE), answered(ONE)])
    harness = Harness(server, Loader(server, "put-dataset"), Endpoints(port=1))
    test = query_test(document, tmp_path)
    assert verdict_on(test, harness).is_pass
    assert verdict_on(test, harness).is_pass
    assert [method for method, _ in server.requests] == ["PUT", "POST", "POST"]


def test_an_update_is_judged_by_the_dataset_it_leaves(document: Document) -> None:
    """All graphs are compared after the update."""
    dataset = DatasetDocuments((document,))
    test = UpdateEvaluationTest("urn:t", "t", "s", "k", request=document, dataset=dataset, result=dataset)
    assert verdict(test, DONE, answered(STATE)).is_pass
    assert not verdict(test, DONE, answered(STATE.replace(b'"1"', b'"2"'))).is_pass
    assert not verdict(test, answered(b"", "text/plain", 500)).is_pass


@pytest.mark.parametrize(
    ("is_positive", "status", "is_pass"),
    [
        (True, 200, True),
        (True, 400, False),
        (True, 500, False),
        (False, 400, True),
        (False, 200, False),
        (False, 500, False),
    ],
)
def test_syntax_is_judged_by_the_status(document: Document, *, is_positive: bool, status: int, is_pass: bool) -> None:
    """A wrong text is refused with 400 and nothing else; a right one is answered."""
    test = SyntaxTest("urn:t", "t", "s", "k", request=document, is_update=False, is_positive=is_positive)
    assert verdict(test, answered(b"", status=status)).is_pass is is_pass


def exchange_test(expected: ExpectedResponse) -> ExchangeTest:
    """Return a test with one request."""
    exchange = Exchange("GET", "/sparql/?query=ASK%20%7B%7D", (), None, expected)
    return ExchangeTest("urn:t", "t", "s", "ProtocolTest", dataset=DatasetDocuments(), exchanges=(exchange,))


def test_a_response_is_judged_by_status_form_and_boolean() -> None:
    """Each demand of the manifest counts, and a missing token never passes for the expected refusal."""
    wanted = ExpectedResponse(
        (range(200, 300),), boolean=True, result_format="boolean", location_variable="", headers=(), body=None
    )
    assert verdict(exchange_test(wanted), answered(b'{"head": {}, "boolean": true}')).is_pass
    assert not verdict(exchange_test(wanted), answered(b'{"head": {}, "boolean": false}')).is_pass
    assert not verdict(exchange_test(wanted), answered(b"true", "text/plain")).is_pass
    refused = ExpectedResponse(
        (range(400, 500),), boolean=None, result_format="", location_variable="", headers=(), body=None
    )
    assert verdict(exchange_test(refused), answered(b"", "text/plain", 400)).is_pass
    assert not verdict(exchange_test(refused), answered(b"", "text/plain", 401)).is_pass


@pytest.mark.parametrize(
    ("demand", "description", "is_pass"),
    [
        ("returns-rdf", "[] a sd:Service .", True),
        ("returns-rdf", "", False),
        ("has-endpoint-triple", "[] sd:endpoint <http://127.0.0.1:1/query> .", True),
        ("has-endpoint-triple", "[] sd:endpoint <http://127.0.0.1:1/other> .", False),
        ("conforms-to-schema", "[] a sd:Service ; sd:endpoint <> ; sd:supportedLanguage sd:SPARQL11Query .", True),
        ("conforms-to-schema", "[] a sd:Service ; sd:endpoint <> ; sd:supportedLanguage sd:SPARQL99Query .", False),
        ("conforms-to-schema", '[] a sd:Service ; sd:endpoint "here" .', False),
        ("conforms-to-schema", "[] a sd:Service .", False),
    ],
)
def test_a_description_is_judged_by_its_triples(demand: str, description: str, *, is_pass: bool) -> None:
    """Each of the three tests makes one demand."""
    test = ServiceDescriptionTest(f"urn:t#{demand}", "t", "s", "ServiceDescriptionTest")
    turtle = f"@prefix sd: <http://www.w3.org/ns/sparql-service-description#> . {description}"
    server = CannedServer(ADDRESSES, responses=[answered(turtle.encode(), "text/turtle")])
    assert verdict_on(test, Harness(server, Loader(server, "update"), Endpoints(port=1))).is_pass is is_pass


def test_an_endpoint_on_loopback_answers_for_the_one_in_the_test(document: Document) -> None:
    """The address is written for the name; a name without data leads to 404."""
    with Endpoints() as endpoints:
        endpoints.serve((("http://example.org/sparql", document),))
        server = Server(Addresses(endpoints.rewrite("http://example.org/sparql"), "", ""))
        response = server.query("SELECT ?s { ?s ?p 1 }", JSON_TYPE)
        assert (response.status, response.media_type) == (200, JSON_TYPE)
        assert b"http://example.org/s" in response.body
        assert server.query("SELECT", JSON_TYPE).status == 400
        elsewhere = endpoints.rewrite("http://invalid.endpoint.org/sparql")
        assert server.send("GET", f"{elsewhere}?query=ASK%20%7B%7D", {}).status == 404
        server.close()
