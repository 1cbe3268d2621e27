"""The history graph: commit infos → PROV-O. It is virtual, and not stored."""

from __future__ import annotations

import hashlib
from datetime import UTC

from rdflib import DCTERMS, PROV, RDF, RDFS, XSD, Graph, Literal, URIRef

from kg.domain import Iris, Message, slug, terms
from kg.rdf import ntriples
from kg.store import RESTORED, CommitInfo

HISTORY = "history"
"""The name of the graph among ours."""
KINDS = {
    "build": Message(ko="원문에서 만듦", en="Build from the page"),
    "update": Message(ko="SPARQL 갱신", en="SPARQL update"),
    "replace": Message(ko="그래프 교체", en="Replacement of a graph"),
    "add": Message(ko="그래프에 추가", en="Addition to a graph"),
    "remove": Message(ko="그래프 삭제", en="Removal of a graph"),
    "restore": Message(ko="이전 판으로 되돌림", en="Restoring of an earlier version"),
}
"""What each kind of change is called."""


def version_iri(number: int, iris: Iris) -> str:
    """Return the IRI of a version.

    >>> version_iri(12, Iris("https://kg.seocho.example/"))
    'https://kg.seocho.example/history/12'
    """
    return iris.document(f"{HISTORY}/{number}")


def agent_iri(author: str, iris: Iris) -> str:
    """Return the IRI of an author; different names have different IRIs.

    >>> agent_iri("office", Iris("https://kg.seocho.example/"))
    'https://kg.seocho.example/history#agent-office'
    """
    plain = slug(author)
    name = plain if plain == author else f"{plain}-{hashlib.sha256(author.encode()).hexdigest()[:8]}"
    return iris.document(f"{HISTORY}#agent-{name}")


def version_graph(commit_info: CommitInfo, iris: Iris) -> Graph:
    """Return a commit info as triples: the version, its activity, and its agent."""
    kg = terms(iris.ontology)
    graph = Graph()
    version = URIRef(version_iri(commit_info.number, iris))
    activity, agent = URIRef(f"{version}#commit"), URIRef(agent_iri(commit_info.author, iris))
    moment = commit_info.time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    time = Literal(moment, datatype=XSD.dateTime, normalize=False)
    for subject, predicate, value in (
        (version, RDF.type, PROV.Entity),
        (version, RDF.type, kg.Version),
        (version, RDFS.label, Literal(f"{commit_info.number}번째 판", lang="ko")),
        (version, RDFS.label, Literal(f"Version {commit_info.number}", lang="en")),
        (version, kg.versionNumber, Literal(commit_info.number)),
        (version, kg.commitKind, Literal(commit_info.kind)),
        (version, kg.addedCount, Literal(commit_info.added)),
        (version, kg.removedCount, Literal(commit_info.removed)),
        (version, kg.warningCount, Literal(commit_info.warnings)),
        (version, PROV.generatedAtTime, time),
        (version, PROV.wasGeneratedBy, activity),
        (version, PROV.wasAttributedTo, agent),
        (version, PROV.specializationOf, URIRef(iris.document("dataset"))),
        (activity, RDF.type, PROV.Activity),
        (activity, RDFS.label, Literal(KINDS[commit_info.kind].ko, lang="ko")),
        (activity, RDFS.label, Literal(KINDS[commit_info.kind].en, lang="en")),
        (activity, PROV.wasAssociatedWith, agent),
        (activity, PROV.endedAtTime, time),
        (agent, RDF.type, PROV.Agent),
        (agent, RDFS.label, Literal(commit_info.author)),
    ):
        graph.add((subject, predicate, value))
    _add_origins(graph, commit_info, iris)
    if commit_info.message:
        graph.add((activity, DCTERMS.description, Literal(commit_info.message)))
    return graph


def _add_origins(graph: Graph, commit_info: CommitInfo, iris: Iris) -> None:
    """Add the parent version, and the restored version."""
    version = URIRef(version_iri(commit_info.number, iris))
    activity = URIRef(f"{version}#commit")
    if commit_info.number > 1:
        before = URIRef(version_iri(commit_info.number - 1, iris))
        graph.add((version, PROV.wasRevisionOf, before))
        graph.add((activity, PROV.used, before))
    restored = commit_info.facts.get(RESTORED, "")
    if restored.isdigit():
        origin = URIRef(version_iri(int(restored), iris))
        graph.add((version, terms(iris.ontology).restoredFrom, origin))
        graph.add((version, PROV.wasDerivedFrom, origin))
        graph.add((activity, PROV.used, origin))


def version_lines(commit_info: CommitInfo, iris: Iris) -> bytes:
    """Return a commit info as sorted N-Quads of the history graph."""
    name = f" <{iris.graph(HISTORY)}> .\n".encode()
    return b"".join(
        line.removesuffix(b" .\n") + name
        for line in ntriples(version_graph(commit_info, iris)).splitlines(keepends=True)
    )
