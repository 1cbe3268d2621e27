"""The report of a conformance run: EARL → totals per suite, and what did not pass, each with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rdflib import DCTERMS, DOAP, Graph

from kg.domain import DEFAULT_BASE_IRI, EARL, Iris, terms
from kg.rdf.formats import JSON_LD, N_TRIPLES, TURTLE, rdflib_name
from kg.rdf.rdf_dataset import relocated_text

REPORT_FORMS = (TURTLE, JSON_LD, N_TRIPLES)
"""What a report is written in."""


@dataclass(frozen=True)
class ConformanceResult:
    """A test that did not pass, or passed by value only: its IRI, the outcome in EARL's word, the reason."""

    test: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Suite:
    """The totals of a suite; ``by_value`` counts those of the passed where only lexical forms differ."""

    title: str
    tests: int
    passed: int
    by_value: int
    failed: int
    untested: int


@dataclass(frozen=True)
class ConformanceReport:
    """A run: the version and code it was made for, its date (empty: not told), its suites, the total, the findings."""

    version: str
    code_sha256: str
    date: str
    suites: tuple[Suite, ...]
    total: Suite
    findings: tuple[ConformanceResult, ...]


@lru_cache(maxsize=1)
def read_report(turtle: str) -> ConformanceReport:
    """Read the report that a run wrote."""
    graph = _parsed(turtle)
    findings = {finding.test: finding for finding in _findings(graph)}
    suites = [
        _suite(str(title), [findings[str(test)] for test in graph.objects(suite, DCTERMS.hasPart)])
        for suite, title in graph.subject_objects(DCTERMS.title)
    ]
    told = [finding for _, finding in sorted(findings.items()) if finding.outcome != "passed" or finding.reason]
    ours = terms(Iris(DEFAULT_BASE_IRI).ontology)
    return ConformanceReport(
        version="".join(map(str, graph.objects(None, DOAP.revision))),
        code_sha256="".join(map(str, graph.objects(None, ours.codeSha256))),
        date="".join(map(str, graph.objects(None, DCTERMS.date))),
        suites=tuple(sorted(suites, key=lambda suite: suite.title)),
        total=_suite("", list(findings.values())),
        findings=tuple(told),
    )


@lru_cache(maxsize=4)
def serialize_report(turtle: str, media_type: str, iris: Iris) -> bytes:
    """Write a report, of which the Turtle is given, in one of ``REPORT_FORMS`` and under a base."""
    relocated = relocated_text(turtle, iris)
    if media_type == TURTLE.media_type:
        return relocated.encode()
    return _parsed(relocated).serialize(format=rdflib_name(media_type), encoding="utf-8")


def _parsed(turtle: str) -> Graph:
    return Graph().parse(data=turtle, format="turtle")


def _findings(graph: Graph) -> list[ConformanceResult]:
    found = []
    for assertion, test in graph.subject_objects(EARL.test):
        result = graph.value(assertion, EARL.result, any=False)
        outcome = str(graph.value(result, EARL.outcome, any=False)).removeprefix(str(EARL))
        found.append(ConformanceResult(str(test), outcome, str(graph.value(result, DCTERMS.description) or "")))
    return found


def _suite(title: str, findings: list[ConformanceResult]) -> Suite:
    outcomes = Counter(finding.outcome for finding in findings)
    by_value = sum(finding.outcome == "passed" and bool(finding.reason) for finding in findings)
    return Suite(title, len(findings), outcomes["passed"], by_value, outcomes["failed"], outcomes["untested"])
