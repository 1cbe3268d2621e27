"""The gate: what it refuses, what it lets through, and what happens to its process."""

from __future__ import annotations

import gzip
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kg.gate import ValidatingGate

from kg.build import Build
from kg.errors import BudgetError, NonconformingError
from kg.publish import gate, updated
from kg.settings import MEBIBYTE, Settings
from kg.store.engine import Query
from kg.store.evaluator import LocalEvaluator
from kg.store.forms import CSV
from kg.store.patches import Patch
from kg.store.updating import Change
from kg.store.versions import Store, Version
from signing import SIGNATURE, published

BASE = "https://kg.seocho.example/"
PREFIXES = f"PREFIX kg: <{BASE}ontology#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
EVENT = f"<{BASE}id/event/new>"
RECORD = f"<{BASE}id/exchange/new>"
HONGKOU = f"<{BASE}id/municipality/hongkou>"
WITHOUT_RECORD = f'INSERT DATA {{ GRAPH <{BASE}graphs/page> {{ {EVENT} a kg:ExchangeEvent ; kg:edtf "2025-03" }} }}'


@pytest.fixture(scope="module")
def settings(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give settings with a store of their own."""
    return Settings(home=home, store=tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def store(settings: Settings, made: Build) -> Store:
    """Make a store that begins with the owner's page."""
    store = Store(settings.store)
    published(store, made.quads())
    return store


@pytest.fixture(scope="module")
def validating(settings: Settings) -> Iterator[ValidatingGate]:
    """Open the gate's process, and close it."""
    opened = gate(settings)
    yield opened
    opened.close()


def change(text: str) -> Callable[[Path], Patch]:
    """Return what an update does to a clone."""
    described = Change("update", f"{BASE}sparql", text=f"{PREFIXES} {text}")
    return lambda oxigraph: LocalEvaluator().change(oxigraph, described).patch


def commit(store: Store, text: str, validating: ValidatingGate) -> Version:
    """Commit an update through the gate."""
    return store.commit(change(text), SIGNATURE, validating)


def test_a_violation_is_refused(store: Store, validating: ValidatingGate) -> None:
    """Nothing changes; what, where and the cure of each result are told in both languages."""
    current = store.current()
    with pytest.raises(NonconformingError) as refused:
        commit(store, WITHOUT_RECORD, validating)
    assert store.current() == current
    results = refused.value.results
    assert {result.focus_node for result in results} == {EVENT.strip("<>")}
    assert f"{BASE}ontology#record" in {result.path for result in results}
    assert all(text for result in results for text in (result.message.ko, result.cure.ko, result.cure.en))
    assert b"ValidationReport" in refused.value.report


def test_a_warning_goes_through_and_is_told(store: Store, validating: ValidatingGate) -> None:
    """It is counted in the record, and the report of it is kept."""
    friendship = next(iter(friendships(store)))
    text = f"""INSERT DATA {{ GRAPH <{BASE}graphs/page> {{ {RECORD} a kg:ExchangeRecord ; kg:description "방문"@ko ;
        kg:exchangedWith {HONGKOU} ; kg:friendship {friendship} }} }}"""
    version = commit(store, text, validating)
    assert version.record.warnings > 0
    (report,) = version.path.glob("report*")
    assert b"resultSeverity> <http://www.w3.org/ns/shacl#Warning>" in gzip.decompress(report.read_bytes())
    again = f"INSERT DATA {{ GRAPH <{BASE}graphs/page> {{ {RECORD} kg:occasion '행사'@ko }} }}"
    assert commit(store, again, validating).record.warnings == 0


def friendships(store: Store) -> list[str]:
    """Find the tie with Hongkou."""
    current = store.current()
    assert current
    text = f"{PREFIXES} SELECT ?tie {{ GRAPH ?g {{ ?tie kg:partner {HONGKOU} }} }}"
    answer = LocalEvaluator().evaluate(current, Query(text, BASE, queried_graphs=(), results=CSV))
    return [f"<{line}>" for line in answer.body.decode().split() if line.startswith("http")]


@pytest.mark.parametrize(
    "text",
    [
        f'INSERT DATA {{ GRAPH <http://a/apart> {{ {EVENT} a kg:ExchangeEvent ; kg:startDate "x"^^xsd:date }} }}',
        "INSERT DATA { <http://a/s> a <http://a/C> ; <http://a/p> 'x'^^xsd:integer, <<( <http://a/s> a 1 )>> }",
        "INSERT DATA { <http://a/s> <http://a/p> 'y'^^xsd:integer }",  # once more what was let through before
    ],
)
def test_what_is_not_ours_is_not_judged(store: Store, validating: ValidatingGate, text: str) -> None:
    """Graphs that no query sees unasked, and data that the shapes do not speak of, pass."""
    assert commit(store, text, validating).record.warnings == 0


def test_the_first_version_is_validated_whole(settings: Settings, validating: ValidatingGate, tmp_path: Path) -> None:
    """Without a version before, all that is found was brought."""
    with pytest.raises(NonconformingError):
        commit(Store(tmp_path), WITHOUT_RECORD, validating)
    assert Store(tmp_path).current() is None
    assert settings.store != tmp_path


def test_any_letter_of_a_text_passes(store: Store, validating: ValidatingGate) -> None:
    """Also those that some programs take for the end of a line, both in and out."""
    for verb in ("INSERT", "DELETE"):
        text = f"{verb} DATA {{ <http://a/s> <http://a/p> 'one\u2028two\u2029three\u0085four\\u000Bfive' }}"
        assert (commit(store, text, validating).record.warnings, validating.process) == (0, validating.process)


def test_what_was_refused_is_forgotten(store: Store, validating: ValidatingGate) -> None:
    """A change is judged by the version that it is made to, whatever was tried, or made by others, meanwhile."""
    record, page = f"<{BASE}id/exchange/forgotten>", f"{BASE}graphs/page"
    event = f"{EVENT} kg:record {record}"
    for _ in range(2):
        with pytest.raises(NonconformingError) as refused:
            commit(store, WITHOUT_RECORD, validating)
        assert {result.focus_node for result in refused.value.results} == {EVENT.strip("<>")}
    assert commit(store, f"INSERT DATA {{ GRAPH <{page}> {{ {event} }} }}", validating).record.warnings == 0
    store.commit(change(f"DELETE DATA {{ GRAPH <{page}> {{ {event} }} }}"), SIGNATURE)
    with pytest.raises(NonconformingError):
        commit(store, WITHOUT_RECORD, validating)


def test_a_process_that_was_killed_is_started_anew(store: Store, settings: Settings) -> None:
    """Between two changes or amid one, nobody notices."""
    validating = gate(settings)
    first = validating.process
    os.kill(first, signal.SIGKILL)
    with pytest.raises(NonconformingError):
        commit(store, WITHOUT_RECORD, validating)
    assert validating.process != first
    validating.close()


def test_a_process_has_bounds(store: Store, settings: Settings) -> None:
    """What takes too much time or memory is refused, and says what to do."""
    bounds = {"SECONDS": replace(settings, gate_seconds=0), "MEMORY": replace(settings, gate_memory=MEBIBYTE)}
    for name, bound in bounds.items():
        validating = gate(bound)
        with pytest.raises(BudgetError) as refused:
            commit(store, WITHOUT_RECORD, validating)
        assert f"KG_GATE_{name}" in refused.value.cure.en
        validating.close()


def test_the_command_goes_through_the_gate(store: Store, settings: Settings) -> None:
    """``kg update`` refuses what the server would."""
    current = store.current()
    with pytest.raises(NonconformingError):
        updated(f"{PREFIXES} {WITHOUT_RECORD}", settings, "test", "why", SIGNATURE.time)
    assert store.current() == current


def test_the_change_that_the_readme_shows_goes_through(store: Store, validating: ValidatingGate, home: Path) -> None:
    """It breaks no rule, and adds one exchange with its occurrence."""
    found = re.search(r"--data-urlencode 'update=\n(.*?)'\n```", (home / "README.md").read_text("utf-8"), re.DOTALL)
    assert found
    version = commit(store, found[1], validating)
    assert (version.record.added, version.record.removed) == (found[1].count(" ;") + 2, 0)
