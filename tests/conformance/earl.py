"""Writes what came out of a run as an EARL 1.0 report in Turtle (https://www.w3.org/TR/EARL10-Schema/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from conformance.expected import Expectations
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
@prefix kg: <https://kg.seocho.example/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


@dataclass(frozen=True)
class Product:
    """The product that was tested: its IRI, its name, its version, the SHA-256 of its code (empty: not known)."""

    iri: str
    name: str
    version: str
    sha256: str = ""


def earl_report(
    results: Iterable[Result], product: Product, run_at: str, runner_iri: str, expected: Expectations | None = None
) -> str:
    """Return the report, ordered by test IRI; ``run_at`` is an ``xsd:dateTime``, or empty for no date.

    IRIs are relative to the product's, which the base of the document is.

    The reason for what did not plainly pass is the listed one where it came out as listed.
    """
    ordered = sorted(results, key=lambda result: result.test)
    manifests = sorted({manifest(result.test) for result in ordered})
    names = {iri: f"t{number}" for number, iri in enumerate(manifests, 1)}
    runner = runner_iri.removeprefix(product.iri)
    parts = [
        f"@base <{product.iri}> .\n{PROLOGUE}" + "".join(f"@prefix {name}: <{iri}> .\n" for iri, name in names.items()),
        subject(product, run_at, runner),
        *suites(ordered, names, runner),
        *(assertion(result, names, runner, expected or {}) for result in ordered),
    ]
    return "\n".join([*parts, ""])


def manifest(test: str) -> str:
    """Return the namespace of a test.

    >>> manifest("http://example.org/manifest#a")
    'http://example.org/manifest#'
    """
    return test[: max(test.rfind("#"), test.rfind("/")) + 1]


def named(test: str, names: Mapping[str, str]) -> str:
    """Return a test as Turtle names it.

    >>> named("http://a/m#x-1", {"http://a/m#": "t1"}), named("http://a/m#x.", {"http://a/m#": "t1"})
    ('t1:x-1', '<http://a/m#x.>')
    """
    namespace = manifest(test)
    local = test.removeprefix(namespace)
    return f"{names[namespace]}:{local}" if _LOCAL_NAME.fullmatch(local) else f"<{test}>"


def subject(product: Product, run_at: str, runner: str) -> str:
    """Return the description of what was tested and of what tested it."""
    code = f" ; kg:codeSha256 {text(product.sha256)}" if product.sha256 else ""
    date = f' ;\n    dct:date "{run_at}"^^xsd:dateTime' if run_at else ""
    return f"""\
<> a earl:TestSubject , earl:Software , doap:Project ;
    doap:name {text(product.name)} ;
    doap:release [ a doap:Version ; doap:revision {text(product.version)}{code} ] .

<{runner}> a earl:Assertor , earl:Software ;
    foaf:name "W3C SPARQL suites over HTTP"{date} .
"""


def suites(results: Sequence[Result], names: Mapping[str, str], runner: str) -> Iterator[str]:
    """Yield a description of each suite, with its tests."""
    for suite in sorted({result.suite for result in results}):
        tests = " , ".join(named(result.test, names) for result in results if result.suite == suite)
        yield f"<{runner}#{suite}> a earl:TestRequirement ; dct:title {text(suite)} ; dct:hasPart {tests} .\n"


def assertion(result: Result, names: Mapping[str, str], runner: str, expected: Expectations) -> str:
    """Return the assertion on one test, with the reason for anything but a plain pass."""
    verdict = result.verdict
    listed, reason = expected.get(result.test, (None, ""))
    reason = reason if listed is verdict.outcome else verdict.reason
    described = f" ; dct:description {text(reason)}" if reason else ""
    return (
        f"[] a earl:Assertion ; earl:assertedBy <{runner}> ; earl:subject <> ; earl:test {named(result.test, names)} ; "
        f"earl:result [ a earl:TestResult ; earl:outcome earl:{OUTCOMES[verdict.outcome]}{described} ] ."
    )


def text(value: str) -> str:
    """Return a string as a Turtle literal."""
    return str(Literal(value))
