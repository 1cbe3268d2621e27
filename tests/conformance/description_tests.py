"""Runs a Service Description test on what a GET of the endpoint returns (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from conformance.documents import quad_row
from conformance.harness import Harness
from conformance.manifest import ServiceDescriptionTest
from conformance.outcome import PASSED, ComparisonResult, failed
from conformance.server import Response
from conformance.terms import Row

SD = "http://www.w3.org/ns/sparql-service-description#"
ACCEPT = "text/turtle, application/rdf+xml;q=0.9"
FORMATS = {"text/turtle": RdfFormat.TURTLE, "application/rdf+xml": RdfFormat.RDF_XML}
LANGUAGES = {f"{SD}SPARQL10Query", f"{SD}SPARQL11Query", f"{SD}SPARQL11Update"}
NAMED_CLASSES = {
    "Service",
    *("Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"),
    *("GraphCollection", "Dataset", "Graph", "NamedGraph"),
}
RESOURCE_PROPERTIES = {
    *("endpoint", "feature", "defaultEntailmentRegime", "entailmentRegime", "defaultSupportedEntailmentProfile"),
    *("supportedEntailmentProfile", "extensionFunction", "extensionAggregate", "languageExtension"),
    *("supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs", "resultFormat", "inputFormat"),
    *("defaultGraph", "namedGraph", "name", "graph"),
}
"""Every property of the vocabulary; the value of each is a resource, never a literal."""

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def run_description_test(test: ServiceDescriptionTest, harness: Harness) -> ComparisonResult:
    """Fetch the service description and check the one demand that a test makes."""
    response = harness.server.send("GET", harness.server.addresses.query, {"Accept": ACCEPT})
    if not response.is_success or response.media_type not in FORMATS:
        return failed(f"no RDF: {response.summary()}")
    rows = read_description(response, harness.server.addresses.query)
    demands = {
        "returns-rdf": lambda: [] if rows else ["the description is empty"],
        "has-endpoint-triple": lambda: wrong_with_endpoint(rows, harness.server.addresses.query),
        "conforms-to-schema": lambda: wrong_with_schema(rows),
    }
    problems = demands[test.iri.rpartition("#")[2]]()
    return failed("; ".join(problems)) if problems else PASSED


def read_description(response: Response, base_iri: str) -> list[Row]:
    """Return the triples of a description."""
    rdf_format = FORMATS[response.media_type]
    return [quad_row(quad)[:3] for quad in parse(response.body, format=rdf_format, base_iri=base_iri)]


def wrong_with_endpoint(rows: Sequence[Row], address: str) -> list[str]:
    """Say whether no ``sd:endpoint`` triple names the address that was asked."""
    endpoints = [str(value)[1:-1] for _, predicate, value in rows if predicate == NamedNode(f"{SD}endpoint")]
    return [] if address in endpoints else [f"sd:endpoint is {endpoints}, not {address}"]


def wrong_with_schema(rows: Sequence[Row]) -> list[str]:
    """List what the vocabulary of service descriptions does not allow."""
    services = {
        subject for subject, predicate, value in rows if (predicate, value) == (RDF_TYPE, NamedNode(f"{SD}Service"))
    }
    owners = {subject for subject, predicate, _ in rows if predicate == NamedNode(f"{SD}endpoint")}
    problems = [problem for row in rows for problem in wrong_with_triple(row)]
    if not services or not services <= owners:
        problems.append("there is no sd:Service, or one without an sd:endpoint")
    return problems


def wrong_with_triple(row: Row) -> list[str]:
    """List what is wrong with a triple that uses the vocabulary."""
    _, predicate, value = row
    if predicate == RDF_TYPE and isinstance(value, NamedNode) and value.value.startswith(SD):
        known = value.value.removeprefix(SD) in NAMED_CLASSES
        return [] if known else [f"{value} is no class of the vocabulary"]
    if not isinstance(predicate, NamedNode) or not predicate.value.startswith(SD):
        return []
    if predicate.value.removeprefix(SD) not in RESOURCE_PROPERTIES:
        return [f"{predicate} is no property of the vocabulary"]
    if isinstance(value, Literal):
        return [f"{predicate} has a literal: {value}"]
    if predicate.value == f"{SD}supportedLanguage" and not is_language(value):
        return [f"{value} is no language of the vocabulary"]
    return []


def is_language(value: object) -> bool:
    """Tell whether a term can stand for an ``sd:Language``: one of the vocabulary's, or one of another namespace."""
    if isinstance(value, NamedNode) and value.value.startswith(SD):
        return value.value in LANGUAGES
    return isinstance(value, NamedNode | BlankNode)
