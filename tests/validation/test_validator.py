"""Validation of changes: what is refused, and what goes through, at the commit."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from kg.build import Build, commit_update
from kg.diff import Content
from kg.domain import Iris, NonconformingError, Settings
from kg.store import Change, Dataset, LocalEvaluator, PendingCommit, Store, Version
from kg.store.update_evaluation import apply_change
from kg.validation import Validator
from signing import SIGNATURE, checkout_of, published

BASE = "https://kg.seocho.example/"
PREFIXES = f"PREFIX kg: <{BASE}ontology#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
EVENT = f"<{BASE}id/event/new>"
RECORD = f"<{BASE}id/exchange/new>"
HONGKOU = f"<{BASE}id/municipality/hongkou>"
QUERIED = Iris(BASE).queried_graphs()
PAGE = f"{BASE}graphs/page"
TIE = f"<{BASE}id/friendship/seocho-hongkou>"
WITHOUT_RECORD = f'INSERT DATA {{ GRAPH <{PAGE}> {{ {EVENT} a kg:ExchangeEvent ; kg:edtf "2025-03" }} }}'


@pytest.fixture(scope="module")
def settings(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give settings with a store of their own."""
    return Settings(home=home, store=tmp_path_factory.mktemp("validation"))


@pytest.fixture(scope="module")
def store(settings: Settings, made: Build) -> Store:
    """Make a store that begins with the owner's page."""
    store = Store(settings.store)
    published(store, made.quads())
    return store


@pytest.fixture(scope="module")
def validator(home: Path) -> Validator:
    """Parse the shapes, once."""
    return Validator(home, BASE)


def commit(store: Store, text: str, validator: Validator) -> Version:
    """Commit an update that is validated."""
    evaluator = LocalEvaluator(queried_graphs=QUERIED, validate=validator)
    change = Change("update", f"{BASE}sparql", text=f"{PREFIXES} {text}")

    def evaluate(base: Version | None) -> PendingCommit:
        return evaluator.change(base, change).pending

    return store.commit(evaluate, SIGNATURE)


def test_a_violation_is_refused(store: Store, validator: Validator) -> None:
    """Nothing changes; what, where and the cure of each result are told in both languages."""
    current = store.current()
    with pytest.raises(NonconformingError) as refused:
        commit(store, WITHOUT_RECORD, validator)
    assert store.current() == current
    results = refused.value.results
    assert {result.focus_node for result in results} == {EVENT.strip("<>")}
    assert f"{BASE}ontology#record" in {result.path for result in results}
    assert all(
        text
        for result in results
        for text in (result.message.in_language("ko"), result.cure.in_language("ko"), str(result.cure))
    )
    assert b"ValidationReport" in refused.value.report


def test_a_blank_node_is_validated(store: Store, validator: Validator) -> None:
    """As any other focus node is."""
    with pytest.raises(NonconformingError) as refused:
        commit(store, WITHOUT_RECORD.replace(EVENT, "_:event"), validator)
    assert {result.path for result in refused.value.results} >= {f"{BASE}ontology#record"}


def test_a_warning_goes_through_and_is_told(store: Store, validator: Validator) -> None:
    """It is counted in the record, and the report of it is kept."""
    text = f"""INSERT DATA {{ GRAPH <{PAGE}> {{ {RECORD} a kg:ExchangeRecord ; kg:description "방문"@ko ;
        kg:exchangedWith {HONGKOU} ; kg:friendship {TIE} }} }}"""
    version = commit(store, text, validator)
    assert version.commit_info.warnings > 0
    report = gzip.decompress(store.log.report(version.number))
    assert b"resultSeverity> <http://www.w3.org/ns/shacl#Warning>" in report
    again = f"INSERT DATA {{ GRAPH <{PAGE}> {{ {RECORD} kg:occasion '행사'@ko }} }}"
    assert commit(store, again, validator).commit_info.warnings == 0


@pytest.mark.parametrize(
    "text",
    [
        f'INSERT DATA {{ GRAPH <http://a/apart> {{ {EVENT} a kg:ExchangeEvent ; kg:startDate "x"^^xsd:date }} }}',
        "INSERT DATA { <http://a/s> a <http://a/C> ; <http://a/p> 'x'^^xsd:integer }",
        "INSERT DATA { GRAPH <http://a/apart> { <http://a/s> <http://a/p> <<( <http://a/s> a 1 )>> } }",
        "INSERT DATA { <http://a/s> <http://a/p> 'y'^^xsd:integer }",  # once more what was let through before
    ],
)
def test_what_is_not_ours_is_not_judged(store: Store, validator: Validator, text: str) -> None:
    """Graphs that no query sees unasked, and data that the shapes do not speak of, pass."""
    assert commit(store, text, validator).commit_info.warnings == 0


def test_the_first_version_is_validated_whole(validator: Validator, tmp_path: Path) -> None:
    """Without a version before, all that is found is new."""
    with pytest.raises(NonconformingError):
        commit(Store(tmp_path), WITHOUT_RECORD, validator)
    assert Store(tmp_path).current() is None


def test_any_letter_of_a_text_passes(store: Store, validator: Validator) -> None:
    """Also those that some programs take for the end of a line, both in and out."""
    for verb in ("INSERT", "DELETE"):
        text = f"{verb} DATA {{ <http://a/s> <http://a/p> 'one\u2028two\u2029three\u0085four' }}"
        assert commit(store, text, validator).commit_info.warnings == 0


def test_what_was_refused_is_forgotten(store: Store, validator: Validator) -> None:
    """A change is judged by the version that it is made to, whatever was tried, or made by others, meanwhile."""
    event = f"{EVENT} kg:record <{BASE}id/exchange/forgotten>"
    for _ in range(2):
        with pytest.raises(NonconformingError) as refused:
            commit(store, WITHOUT_RECORD, validator)
        assert {result.focus_node for result in refused.value.results} == {EVENT.strip("<>")}
    assert commit(store, f"INSERT DATA {{ GRAPH <{PAGE}> {{ {event} }} }}", validator).commit_info.warnings == 0
    assert commit(store, f"DELETE DATA {{ GRAPH <{PAGE}> {{ {event} }} }}", validator)
    with pytest.raises(NonconformingError):
        commit(store, WITHOUT_RECORD, validator)


def test_an_existing_violation_does_not_block(validator: Validator) -> None:
    """A change that leaves it as it was goes through; one that adds to it does not."""
    line = f"{EVENT} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#ExchangeEvent> <{PAGE}> ."
    before = Content(frozenset([line]), frozenset([PAGE]))
    for text, is_new in ((f"{EVENT} <http://a/p> 1", False), (f"<{BASE}id/event/2> a kg:ExchangeEvent", True)):
        change = Change("update", BASE, text=f"{PREFIXES} INSERT DATA {{ GRAPH <{PAGE}> {{ {text} }} }}")
        dataset = Dataset.of(checkout_of(before), QUERIED)
        found = validator.revalidation(dataset, apply_change(dataset, change).patch)
        assert bool(found.new.results) == is_new


def test_the_command_is_validated(store: Store, settings: Settings) -> None:
    """``kg update`` refuses what the server would."""
    current = store.current()
    with pytest.raises(NonconformingError):
        commit_update(f"{PREFIXES} {WITHOUT_RECORD}", settings, "test", "why", SIGNATURE.time)
    assert store.current() == current


def test_the_documented_change_goes_through(store: Store, validator: Validator, home: Path) -> None:
    """It breaks no rule, and adds one exchange with its occurrence."""
    text = (home / "docs/editing.md").read_text("utf-8")
    found = re.search(r"--data-urlencode 'update=\n(.*?)'\n```", text, re.DOTALL)
    assert found
    version = commit(store, found[1], validator)
    assert (version.commit_info.added, version.commit_info.removed) == (found[1].count(" ;") + 2, 0)
