import asyncio
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.iri import Iris
from kg.settings import Settings
from kg.store.lanes import Pace
from kg.store.versions import Store
from kg.store.workers import Budgets, WorkerPool
from kg.web.app import create_app
from kg.web.front import Bounds, Front
from kg.web.quick import QuickWay
from signing import published
from web.exchange import Exchange, Scope, ask

BOUNDS = Bounds(body_size=200_000, hot_size=1, threads=4, queue=40)
CROSS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{name} {{ {'1 ' * 60}}}" for name in "abcdef") + " }"
NO_NAME = "CONSTRUCT { <http://a/s> <http://a/1> 1 } {}"
TRIPLE_TERM = "CONSTRUCT { <http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>> } {}"
COMPACTED = "CONSTRUCT { <http://a/s> <http://a/p> 1 } {}"
QUADS = '<http://a/s> <http://a/p> "쑤저우"@ko .\n'


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give settings with a store that has one version."""
    home = tmp_path_factory.mktemp("quick")
    published(Store(home / "store"), QUADS.encode())
    return Settings(home=home, store=home / "store")


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[WorkerPool]:
    """Start a pool whose queries are slow soon."""
    pool = WorkerPool(Budgets(seconds=1, fast=2, slow=1, pace=Pace(0.1, 1)), Store(settings.store).current())
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def quick(settings: Settings, pool: WorkerPool) -> Front:
    """Make a front with the quick way."""
    way = partial(QuickWay, pool, Iris(settings.base_iri))
    return Front(create_app(settings, evaluator=pool).wsgi_app, Store(settings.store), BOUNDS, quick=way)


@pytest.fixture(scope="module")
def through_flask(settings: Settings, pool: WorkerPool) -> Front:
    """Make a front without it."""
    return Front(create_app(settings, evaluator=pool).wsgi_app, Store(settings.store), BOUNDS)


def scope(query: str, **fields: str) -> Scope:
    """Make a request for a query."""
    return Scope(query_string=f"query={quote(query)}", headers={"host": "localhost", **fields})


@pytest.mark.parametrize(
    "request_",
    [
        scope("SELECT * { ?s ?p ?o }"),
        scope("SELECT * { ?s ?p ?o }", accept="text/csv"),
        scope("CONSTRUCT WHERE { ?s ?p ?o }", accept="text/turtle"),
        scope("SELECT (UUID() AS ?u) {} LIMIT 0"),
        scope("SELECT * { VALUES ?x { " + "1 " * 2000 + "} }", **{"accept-encoding": "gzip"}),
        scope("ASK {", **{"accept-language": "ko"}),
        scope("ASK {}", accept="image/png"),
        scope("DESCRIBE <http://a/s>", accept="text/csv"),
        Scope(query_string="query=ASK%7B%7D&query=ASK%7B%7D"),
        Scope(query_string="query=%FF"),
        Scope(query_string="update=CLEAR%20ALL"),
        Scope(query_string=""),
        Scope(query_string="query=ASK%7B%7D&timeout=5"),
        scope("ASK {}", accept="text/html,application/xml;q=0.9,*/*;q=0.8"),
        scope("ASK {", accept="text/html,application/xml;q=0.9,*/*;q=0.8"),
        Scope(query_string="query=ASK%7B%7D&format=json", headers={"host": "localhost", "accept": "text/html"}),
        Scope(query_string="query=ASK%7B%7D&version=1.2&timeout=0&output=csv&default-graph-uri="),
        Scope(query_string="query=%EF%BB%BFASK%7B%7D"),
        Scope(query_string="query=ASK%7B%7D&version=9.9"),
        scope("ASK {}", accept="application/sparql-results+xml; version=1.2"),
        scope(NO_NAME, accept="application/rdf+xml"),
        scope(NO_NAME, accept="application/rdf+xml, application/trig;q=0.1"),
        scope(TRIPLE_TERM, accept="application/n-triples"),
        scope(TRIPLE_TERM, accept='application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"'),
        scope(COMPACTED, accept='application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'),
    ],
    ids=range(25),
)
def test_the_quick_way_leads_where_the_other_does(quick: Front, through_flask: Front, request_: Scope) -> None:
    """An answer is the same, field by field and byte by byte, whichever way it took."""
    one, other = ask(quick, request_), ask(through_flask, request_)
    assert (one.status, one.body) == (other.status, other.body)
    assert sorted(one.fields) == sorted(other.fields)


def test_a_copy_that_is_still_good(quick: Front) -> None:
    """The quick way answers 304 without asking a worker."""
    etag = dict(ask(quick, scope("ASK {}")).fields)["etag"]
    for known in (etag, f'W/{etag}, "other"', "*"):
        again = ask(quick, scope("ASK {}", **{"if-none-match": known}))
        assert (again.status, dict(again.fields)["etag"]) == (304, etag)


def test_slow_and_quick_ones_side_by_side(quick: Front) -> None:
    """Of many queries at once each has its own answer; the endless ones end, and the quick ones are not kept."""
    slow = [Exchange() for _ in range(3)]
    fast = [Exchange() for _ in range(30)]

    async def all_at_once() -> None:
        endless = [asyncio.ensure_future(quick.__rsgi__(scope(CROSS), exchange)) for exchange in slow]
        asked = [quick.__rsgi__(scope(f"SELECT ({n} AS ?n) {{}}"), exchange) for n, exchange in enumerate(fast)]
        async with asyncio.timeout(2):
            await asyncio.gather(*asked)
        await asyncio.gather(*endless)

    asyncio.run(all_at_once())
    assert {exchange.answer.status for exchange in slow} == {503}
    for number, exchange in enumerate(fast):
        assert b"results" in exchange.answer.body, exchange.answer.body
        assert json.loads(exchange.answer.body)["results"]["bindings"][0]["n"]["value"] == str(number)


def test_a_client_that_goes_ends_its_query(quick: Front) -> None:
    """A query that is not quick is watched: its client's going ends it long before its time."""
    exchange = Exchange(gone=True)
    ask(quick, scope(CROSS), exchange)
    assert exchange.answer.status == 503
    assert "client" in json.loads(exchange.answer.body)["detail"]


def test_a_long_text_goes_the_long_way(quick: Front, tmp_path: Path) -> None:
    """A text that takes time to read does not hold up the others."""
    assert tmp_path
    body = b"SELECT ?x { VALUES ?x { " + b"1 " * 40_000 + b"} } LIMIT 1"
    headers = {"host": "localhost", "content-type": "application/sparql-query", "accept": "text/csv"}
    answer = ask(quick, Scope("POST", query_string="", headers=headers), Exchange([body]))
    assert answer.body == b"x\r\n1\r\n"
