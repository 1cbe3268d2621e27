import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg.diff import Patch
from kg.domain import BudgetError, KgError, NonconformingError, NotFoundError, RdfSyntaxError
from kg.rdf import TURTLE
from kg.store import Change, CommitMetadata, Document, PendingCommit, Store, Version
from kg.workers import INSTRUMENTED_KEYS, Counters, Instrumentation, Supervisor, WorkerPool
from signing import MOMENT
from workers.conftest import BASE, BUDGETS, MakePool, equipment_for, supervised
from workers.test_pool import CROSS, answers, eventually, query, workers_of

INSERT = 'INSERT DATA { GRAPH <http://a/g> { <s> <p> "1" } }'
TURTLE_DOCUMENT = Document(TURTLE, b"<s> <p> <o> .")


def change(kind: str, **fields: object) -> Change:
    """Make a change."""
    return Change(kind, "http://a/", **fields)  # type: ignore[arg-type]


def friendships(number: int) -> str:
    """Insert friendships that say nothing of themselves, which violates the shapes."""
    things = (f"<{BASE}id/friendship/{n}> a <{BASE}ontology#Friendship>" for n in range(number))
    return f"INSERT DATA {{ GRAPH <{BASE}graphs/page> {{ {' . '.join(things)} }} }}"


def test_a_change_comes_back_as_what_is_to_be_committed(make_pool: MakePool, version: Version) -> None:
    """A changeset, and whether the graph was there; the version stays as it was."""
    pool = make_pool(seconds=10)
    found = pool.change(version, change("update", text=INSERT))
    assert found.pending.patch == Patch(('<http://a/s> <http://a/p> "1" <http://a/g> .',), created=("http://a/g",))
    replaced = pool.change(version, change("replace", graph="http://a/h", documents=(TURTLE_DOCUMENT,)))
    assert not replaced.existed
    assert pool.change(version, change("add", documents=(TURTLE_DOCUMENT, TURTLE_DOCUMENT))).existed
    assert pool.evaluate(version, query("SELECT ?o { ?s ?p ?o }")).body == b"o\r\no\r\n"


def test_an_error_of_a_change_is_raised(make_pool: MakePool, version: Version) -> None:
    """With its place where it has one."""
    pool = make_pool(seconds=10)
    with pytest.raises(NotFoundError):
        pool.change(version, change("remove", graph="http://a/none"))
    with pytest.raises(RdfSyntaxError) as caught:
        pool.change(version, change("add", documents=(Document(TURTLE, b"<s> <p>\n<o"),)))
    assert caught.value.where
    with pytest.raises(KgError):
        pool.change(version, change("update", text="INSERT"))


def test_a_change_that_adds_a_violation_is_refused_with_its_report(make_pool: MakePool, version: Version) -> None:
    """Results and report cross the channel."""
    with pytest.raises(NonconformingError) as caught:
        make_pool(seconds=10).change(version, change("update", text=friendships(1)))
    assert caught.value.results
    assert caught.value.results[0].severity == "violation"
    assert b"ValidationResult" in caught.value.report


def test_evaluation_and_validation_have_a_time_each(supervisor: Supervisor, version: Version) -> None:
    """A change that is late is an error that says which, and its process ends."""
    patient = WorkerPool(supervisor.control, replace(BUDGETS, seconds=0.5))
    begun = time.monotonic()
    with pytest.raises(BudgetError, match="budget: seconds"):
        patient.change(version, change("update", text=f"INSERT {{ <s> <p> ?n }} WHERE {{ {{ {CROSS} }} }}"))
    assert time.monotonic() - begun < 10
    hasty = WorkerPool(supervisor.control, replace(BUDGETS, seconds=10, validation_seconds=0.0))
    with pytest.raises(BudgetError, match="KG_GATE_SECONDS"):
        hasty.change(version, change("update", text=friendships(300)))
    for pool in (patient, hasty):
        assert answers(pool, version)
        pool.close()
    eventually(lambda: not workers_of(supervisor))


def test_every_change_is_made_of_the_newest_version(tmp_path: Path) -> None:
    """The first one, of an empty store, and then one after the other."""
    store = Store(tmp_path)
    with supervised(equipment_for(tmp_path)) as supervisor:
        pool = WorkerPool(supervisor.control, replace(BUDGETS, seconds=10))

        def commit(text: str) -> Version:
            def evaluate(base: Version | None) -> PendingCommit:
                return pool.change(base, change("update", text=text)).pending

            return store.commit(evaluate, CommitMetadata("test", "why", MOMENT, "update"))

        for number in range(3):
            version = commit(f"INSERT DATA {{ <s> <p> {number} }}")
            found = pool.evaluate(version, query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
            assert found.body == f"n\r\n{number + 1}\r\n".encode()
        commit("DELETE { ?s ?p ?o } INSERT { ?s ?p 9 } WHERE { ?s ?p ?o FILTER(?o > 0) }")
        assert (
            pool.evaluate(store.require_current(), query("SELECT ?o { ?s ?p ?o } ORDER BY ?o")).body
            == b"o\r\n0\r\n9\r\n"
        )
        pool.close()


def test_validations_are_counted(supervisor: Supervisor, version: Version) -> None:
    """How many there were, and how long they took."""
    counters = Counters(INSTRUMENTED_KEYS)
    pool = WorkerPool(supervisor.control, replace(BUDGETS, seconds=10), Instrumentation(counters.claim()))
    pool.change(version, change("update", text=INSERT))
    pool.close()
    assert counters.total(("validations",)) == 1
    assert counters.total(("validation_seconds",)) > 0
