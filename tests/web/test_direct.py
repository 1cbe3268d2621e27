"""Cheap queries are answered without Flask, by the very bytes that Flask's view gives."""

from urllib.parse import quote

import pytest

from kg.domain import Iris, Settings
from kg.store import Answer, LocalEvaluator, Query, Store, Version
from kg.web.app import create_app
from kg.web.direct_answers import DirectAnswers
from kg.web.front import Bounds, Front
from kg.workers import InProcessEvaluator
from signing import published
from web.exchange import Exchange, Scope, ask

BUCKET_BOUNDS = Bounds(body_size=200_000, hot_size=1, threads=4, queue=40)
NO_NAME = "CONSTRUCT { <http://a/s> <http://a/1> 1 } {}"
TRIPLE_TERM = "CONSTRUCT { <http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>> } {}"
COMPACTED = "CONSTRUCT { <http://a/s> <http://a/p> 1 } {}"
QUADS = '<http://a/s> <http://a/p> "쑤저우"@ko .\n'


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give settings with a store that has one version."""
    home = tmp_path_factory.mktemp("direct")
    published(Store(home / "store"), QUADS.encode())
    return Settings(home=home, store=home / "store")


@pytest.fixture(scope="module")
def in_process(settings: Settings) -> InProcessEvaluator:
    """Load the head."""
    in_process = InProcessEvaluator(Iris(settings.base_iri).queried_graphs())
    in_process.load(Store(settings.store).require_current())
    return in_process


@pytest.fixture(scope="module")
def direct(settings: Settings, in_process: InProcessEvaluator) -> Front:
    """Make a front that answers cheap queries."""
    answers = DirectAnswers(in_process.answer, Iris(settings.base_iri))
    return Front(_application(settings), Store(settings.store), BUCKET_BOUNDS, direct=answers)


@pytest.fixture(scope="module")
def through_flask(settings: Settings) -> Front:
    """Make a front that leaves everything to Flask."""
    return Front(_application(settings), Store(settings.store), BUCKET_BOUNDS)


def _application(settings: Settings):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Flask's own type is private
    evaluator = LocalEvaluator(queried_graphs=Iris(settings.base_iri).queried_graphs())
    return create_app(settings, evaluator=evaluator).wsgi_app


def scope(query: str, **fields: str) -> Scope:
    """Make a request for a query."""
    return Scope(query_string=f"query={quote(query)}", headers={"host": "localhost", **fields})


@pytest.mark.parametrize(
    "request_",
    [
        scope("SELECT * { ?s ?p ?o }"),
        scope("SELECT * { ?s ?p ?o }", accept="text/csv"),
        scope("SELECT * { ?s ?p ?o }", accept="application/sparql-results+xml"),
        scope("CONSTRUCT WHERE { ?s ?p ?o }", accept="text/turtle"),
        scope("SELECT (UUID() AS ?u) {} LIMIT 0"),
        scope("SELECT * { VALUES ?x { " + "1 " * 90 + "} }", **{"accept-encoding": "gzip"}),
        scope("ASK {", **{"accept-language": "ko"}),
        scope("ASK {}", accept="image/png"),
        scope("DESCRIBE <http://a/s>", accept="text/csv"),
        Scope(query_string="query=ASK%7B%7D&query=ASK%7B%7D"),
        Scope(query_string="query=%FF"),
        Scope(query_string="query=ASK%7B%7D%zz%"),
        Scope(query_string="update=CLEAR%20ALL"),
        Scope(query_string=""),
        Scope(query_string="query=ASK%7B%7D&timeout=5"),
        scope("ASK {}", accept="text/html,application/xml;q=0.9,*/*;q=0.8"),
        Scope(query_string="query=ASK%7B%7D&format=json", headers={"host": "localhost", "accept": "text/html"}),
        Scope(query_string="query=ASK%7B%7D&version=1.2&timeout=0&output=csv&default-graph-uri="),
        Scope(query_string="query=%EF%BB%BFASK%7B%7D"),
        scope("ASK {}", accept="application/sparql-results+xml; version=1.2"),
        scope(NO_NAME, accept="application/rdf+xml"),
        scope(NO_NAME, accept="application/rdf+xml, application/trig;q=0.1"),
        scope(TRIPLE_TERM, accept="application/n-triples"),
        scope(TRIPLE_TERM, accept='application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"'),
        scope(COMPACTED, accept='application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'),
    ],
    ids=range(25),
)
def test_either_way_gives_the_same_bytes(direct: Front, through_flask: Front, request_: Scope) -> None:
    """Status, header fields and body are those of Flask's view."""
    one, other = ask(direct, request_), ask(through_flask, request_)
    assert (one.status, one.body) == (other.status, other.body)
    assert sorted(one.fields) == sorted(other.fields)


def test_a_cheap_query_needs_no_flask(settings: Settings, in_process: InProcessEvaluator) -> None:
    """By GET and by POST; what is not cheap is left to Flask."""
    asked: list[str] = []

    def application(environ: dict[str, object], start_response: object) -> list[bytes]:
        asked.append(str(environ["REQUEST_METHOD"]))
        start_response("200 OK", [])  # type: ignore[operator]
        return [b"by Flask"]

    answers = DirectAnswers(in_process.answer, Iris(settings.base_iri))
    front = Front(application, Store(settings.store), BUCKET_BOUNDS, direct=answers)
    fields = {"host": "localhost", "content-type": "application/sparql-query"}
    post = Scope("POST", query_string="", headers=fields)
    assert b"true" in ask(front, scope("ASK { ?s ?p ?o }")).body
    assert b"true" in ask(front, post, Exchange([b"ASK { ?s ?p ?o }"])).body
    assert asked == []
    assert ask(front, scope("ASK { ?s <http://a/p>* ?o }")).body == b"by Flask"
    assert asked == ["GET"]


def test_a_copy_that_is_still_good(direct: Front) -> None:
    """304 needs no evaluation."""
    etag = dict(ask(direct, scope("ASK {}")).fields)["etag"]
    for known in (etag, f'W/{etag}, "other"', "*"):
        again = ask(direct, scope("ASK {}", **{"if-none-match": known}))
        assert (again.status, dict(again.fields)["etag"]) == (304, etag)


def test_a_query_is_evaluated_once(settings: Settings) -> None:
    """One that is not cheap is not tried again before Flask has it."""
    tried: list[str] = []

    def nothing(_version: Version, query: Query) -> Answer | None:
        tried.append(query.text)
        return None

    answers = DirectAnswers(nothing, Iris(settings.base_iri))
    front = Front(_application(settings), Store(settings.store), BUCKET_BOUNDS, direct=answers)
    assert ask(front, scope("ASK {}")).status == 200
    assert tried == ["ASK {}"]


def test_a_kept_answer_is_found_once(settings: Settings, in_process: InProcessEvaluator) -> None:
    """A request that differs in what does not matter has the same answer, and is one hit."""
    answers = DirectAnswers(in_process.answer, Iris(settings.base_iri))
    bounds = Bounds(body_size=200_000, hot_size=2**20, threads=4, queue=40)
    front = Front(_application(settings), Store(settings.store), bounds, direct=answers)
    first, second = (ask(front, scope("ASK {}", **{"user-agent": name})) for name in ("one", "other"))
    assert (first, front.response_cache.hits) == (second, 1)
