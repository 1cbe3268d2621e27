"""Writes what came out of a run as an EARL 1.0 report in Turtle (https://www.w3.org/TR/EARL10-Schema/)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal

from conformance.outcome import Outcome, Result

OUTCOMES = {
    Outcome.PASSED: "passed",
    Outcome.BY_VALUE: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "untested",
}

PROLOGUE = """\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix earl: <http://www.w3.org/ns/earl#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@dataclass(frozen=True)
class Product:
    """The product that was tested: its IRI, its name and its version."""

    iri: str
    name: str
    version: str


def earl_report(results: Iterable[Result], product: Product, run_at: str, runner_iri: str) -> str:
    """Return the report, ordered by test IRI; ``run_at`` is an ``xsd:dateTime``."""
    assertions = (assertion(result, product, run_at, runner_iri) for result in sorted(results, key=by_test))
    return "\n".join([PROLOGUE, subject(product, runner_iri), *assertions])


def by_test(result: Result) -> str:
    """Return what orders a report."""
    return result.test


def subject(product: Product, runner_iri: str) -> str:
    """Return the description of what was tested and of what tested it."""
    return f"""\
<{product.iri}> a earl:TestSubject , earl:Software , doap:Project ;
    dct:title {text(product.name)} ;
    doap:name {text(product.name)} ;
    doap:release [ a doap:Version ; doap:revision {text(product.version)} ] ;
    dct:hasVersion {text(product.version)} .

<{runner_iri}> a earl:Assertor , earl:Software ;
    dct:title "W3C SPARQL suites over HTTP" ;
    foaf:name "W3C SPARQL suites over HTTP" .
"""


def assertion(result: Result, product: Product, run_at: str, runner_iri: str) -> str:
    """Return the assertion on one test, with the reason for anything but a plain pass."""
    verdict = result.verdict
    reason = f" ;\n        dct:description {text(verdict.reason)}" if verdict.reason else ""
    return f"""\
[] a earl:Assertion ;
    earl:assertedBy <{runner_iri}> ;
    earl:subject <{product.iri}> ;
    earl:test <{result.test}> ;
    earl:mode earl:automatic ;
    earl:result [
        a earl:TestResult ;
        earl:outcome earl:{OUTCOMES[verdict.outcome]} ;
        dct:date "{run_at}"^^xsd:dateTime{reason}
    ] .
"""


def text(value: str) -> str:
    """Return a string as a Turtle literal."""
    return str(Literal(value))
