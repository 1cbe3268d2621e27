"""Runs the suites against one server, test after test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from conformance.description_tests import run_description_test
from conformance.exchange_tests import run_exchange_test
from conformance.federation import Endpoints
from conformance.harness import Harness
from conformance.insertion_tests import KIND as INSERTION
from conformance.insertion_tests import is_insertable, run_insertion_test
from conformance.loading import Loader
from conformance.manifest import (
    ConformanceTest,
    ExchangeTest,
    QueryEvaluationTest,
    ServiceDescriptionTest,
    SyntaxTest,
    UpdateEvaluationTest,
)
from conformance.outcome import ComparisonResult, Outcome, Result, failed, skipped
from conformance.query_tests import run_query_test
from conformance.server import Addresses, Server
from conformance.syntax_tests import run_syntax_test
from conformance.update_tests import run_update_test


@dataclass(frozen=True)
class Subject:
    """The server under test: where it is, how to write to it, and the port of the endpoints that it may ask."""

    addresses: Addresses
    token: str | None = None
    loading: str = "update"
    service_port: int = 0


def run_test(test: ConformanceTest, harness: Harness) -> ComparisonResult:
    """Run a test by its kind."""
    match test:
        case QueryEvaluationTest():
            return run_query_test(test, harness)
        case UpdateEvaluationTest():
            return run_update_test(test, harness)
        case SyntaxTest():
            return run_syntax_test(test, harness)
        case ExchangeTest():
            return run_exchange_test(test, harness)
        case ServiceDescriptionTest():
            return run_description_test(test, harness)
    raise TypeError(f"{test.iri} is of no kind that can be run: {test.kind}")


TestRun = Callable[[Any, Harness], ComparisonResult]


def run_insertion_tests(
    tests: Iterable[ConformanceTest], subject: Subject, skip: Mapping[str, str] | None = None
) -> Iterator[Result]:
    """Run the tests that select solutions once more, as updates that insert them."""
    insertable = [replace(test, kind=INSERTION) for test in tests if is_insertable(test)]
    yield from run_tests(insertable, subject, skip, run_insertion_test)


def run_tests(
    tests: Iterable[ConformanceTest],
    subject: Subject,
    skip: Mapping[str, str] | None = None,
    run: TestRun = run_test,
) -> Iterator[Result]:
    """Run the tests one by one; ``skip`` gives a reason for each test IRI that is not to be run."""
    server = Server(subject.addresses, subject.token)
    with ExitStack() as stack:
        stack.callback(server.close)
        endpoints = stack.enter_context(Endpoints(port=subject.service_port))
        harness = Harness(server, Loader(server, subject.loading), endpoints)
        for test in tests:
            reason = (skip or {}).get(test.iri)
            yield result_of(test, skipped(reason) if reason else verdict_on(test, harness, run), server)


def verdict_on(test: ConformanceTest, harness: Harness, run: TestRun = run_test) -> ComparisonResult:
    """Run a test; an answer that cannot be had or read is a failure."""
    try:
        return run(test, harness)
    except (OSError, ValueError, LookupError, SyntaxError, TypeError, AttributeError, RuntimeError) as error:
        harness.loader.forget()
        return failed(f"{type(error).__name__}: {error}")


def result_of(test: ConformanceTest, verdict: ComparisonResult, server: Server) -> Result:
    """Return the verdict with the last exchange, where something is to be explained."""
    if verdict.outcome is not Outcome.FAILED:
        return Result(test.iri, test.suite, test.kind, verdict)
    response = server.last_response.summary() if server.last_response else "no response"
    return Result(test.iri, test.suite, test.kind, verdict, server.last_request, response)
