"""The history graph: commit infos → PROV-O. It is virtual, and not stored."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import UTC
from threading import Lock

from rdflib import DCTERMS, PROV, RDF, RDFS, XSD, Graph, Literal, URIRef

from kg.domain import Iris, slug, terms
from kg.locales import Message
from kg.rdf import ntriples
from kg.store import RESTORED, CommitInfo, Store, Version

HISTORY = "history"
"""The name of the graph among ours."""
KINDS = {
    "build": Message("commit.kind.build"),
    "update": Message("commit.kind.update"),
    "replace": Message("commit.kind.replace"),
    "add": Message("commit.kind.add"),
    "remove": Message("commit.kind.remove"),
    "restore": Message("commit.kind.restore"),
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


def _labels(node: URIRef, message: Message) -> list[tuple[URIRef, URIRef, Literal]]:
    return [(node, RDFS.label, Literal(text, lang=tag.lower())) for tag, text in message.texts()]


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
        *_labels(version, Message("commit.version", number=commit_info.number)),
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
        *_labels(activity, KINDS[commit_info.kind]),
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


class HistoryGraphCache:
    """Serializes each commit info once; the history of a version ends with its commit."""

    def __init__(self, store: Store, iris: Iris) -> None:
        """Read nothing yet."""
        self._store = store
        self._iris = iris
        self._lock = Lock()
        self._lines = bytearray()
        self._numbers: list[int] = []
        self._ends: list[int] = []

    def lines(self, version: Version) -> bytes:
        """Return the history up to a version, as N-Quads of the history graph."""
        with self._lock:
            if not self._numbers or self._numbers[-1] < version.number:
                self._read_on()
            place = bisect_right(self._numbers, version.number)
            return bytes(self._lines[: self._ends[place - 1]]) if place else b""

    def _read_on(self) -> None:
        last = self._numbers[-1] if self._numbers else 0
        for commit in self._store.commits():
            if commit.number > last:
                self._lines += version_lines(commit, self._iris)
                self._numbers.append(commit.number)
                self._ends.append(len(self._lines))
