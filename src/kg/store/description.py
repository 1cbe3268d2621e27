"""The VoID description of a version in memory: its triples counted by class and property, kept up with its changes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyoxigraph

_VOID = "http://rdfs.org/ns/void#"
_TYPE = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATASET = pyoxigraph.NamedNode(f"{_VOID}Dataset")
SUBSET = pyoxigraph.NamedNode(f"{_VOID}subset")
_INTEGER = pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_DEFAULT = pyoxigraph.DefaultGraph()

Key = tuple[str, str, str]
"""What is counted: of which class, of which property (empty: of all), and the name of the count in VoID."""
_Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
_Subject = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple


@dataclass(frozen=True)
class Touched:
    """What a change can count differently: subjects, and objects with their properties."""

    subjects: frozenset[_Subject]
    pairs: frozenset[tuple[pyoxigraph.NamedNode, _Term]]

    @classmethod
    def by(cls, quads: Iterable[pyoxigraph.Quad]) -> Touched:
        """Return what these quads touch."""
        known = list(quads)
        return cls(
            frozenset(quad.subject for quad in known), frozenset((quad.predicate, quad.object) for quad in known)
        )


@dataclass
class Description:
    """The description of a dataset, in the default graph of a store, which it counts without itself.

    ``is_stored`` returns whether a quad of the description is also one of the version.
    """

    store: pyoxigraph.Store
    is_stored: Callable[[pyoxigraph.Quad], bool]
    dataset: pyoxigraph.NamedNode
    quads: set[pyoxigraph.Quad] = field(default_factory=set)
    _counts: Counter[Key] = field(default_factory=Counter)

    @classmethod
    def of(
        cls, store: pyoxigraph.Store, graphs: Iterable[str], is_stored: Callable[[pyoxigraph.Quad], bool]
    ) -> Description | None:
        """Describe the dataset that has one of these graphs as a subset, as its catalogue says; None without one."""
        found = (
            quad.subject
            for one in graphs
            for quad in store.quads_for_pattern(None, SUBSET, pyoxigraph.NamedNode(one), _DEFAULT)
        )
        dataset = next((one for one in found if isinstance(one, pyoxigraph.NamedNode)), None)
        if dataset is None:
            return None
        description = cls(store, is_stored, dataset)
        description.change(Counter(), _of_all(store.quads_for_pattern(None, None, None, _DEFAULT)))
        return description

    def count(self, touched: Touched) -> Counter[Key]:
        """Count what is touched as the store has it now."""
        counts: Counter[Key] = Counter()
        for subject in touched.subjects:
            quads = self._own(subject=subject)
            if quads:
                counts.update(_of_subject(quads))
        for predicate, value in touched.pairs:
            counts["", predicate.value, "distinctObjects"] += bool(self._own(predicate=predicate, value=value))
        for value in {value for _, value in touched.pairs}:
            counts["", "", "distinctObjects"] += bool(self._own(value=value))
        return counts

    def _own(
        self,
        subject: _Subject | None = None,
        predicate: pyoxigraph.NamedNode | None = None,
        value: _Term | None = None,
    ) -> list[pyoxigraph.Quad]:
        found = self.store.quads_for_pattern(subject, predicate, value, _DEFAULT)
        return [quad for quad in found if quad not in self.quads or self.is_stored(quad)]

    def change(self, before: Counter[Key], after: Counter[Key]) -> list[pyoxigraph.Quad]:
        """Replace the counts that differ, and return the quads that the store got."""
        now: Counter[Key] = Counter(self._counts)
        now.update(after)
        now.subtract(before)
        now["", "", "classes"] = sum(1 for (_, _, name), count in now.items() if name == "entities" and count)
        now["", "", "properties"] = sum(
            1 for (of, property_, name), count in now.items() if not of and property_ and name == "triples" and count
        )
        changed = [
            key
            for key in {*before, *after, ("", "", "classes"), ("", "", "properties")}
            if now[key] != self._counts[key]
        ]
        old = {quad for key in changed for quad in self._written(key, self._counts[key])}
        new = {quad for key in changed for quad in self._written(key, now[key])}
        self._remove(old - new)
        self.store.extend(new)
        self.quads = (self.quads - old) | new
        self._counts = +now
        return list(new)

    def restore(self, removed: Iterable[pyoxigraph.Quad]) -> None:
        """Write what a change removed of the version and the description still has."""
        self.store.extend(self.quads.intersection(removed))

    def clear(self) -> None:
        """Remove the description."""
        self._remove(self.quads)

    def _remove(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        for quad in quads:
            if not self.is_stored(quad):
                self.store.remove(quad)

    def _written(self, key: Key, count: int) -> list[pyoxigraph.Quad]:
        """Return a count as quads, with the partition that it belongs to; none for nothing."""
        if not count:
            return []
        of_class, of_property, name = key
        node = self._partition(of_class, of_property)
        written = [_quad(node, f"{_VOID}{name}", pyoxigraph.Literal(str(count), datatype=_INTEGER))]
        if name == "triples" and node != self.dataset:
            whole = self._partition(of_class, "") if of_property else self.dataset
            kind, term = ("property", of_property) if of_property else ("class", of_class)
            written += [
                _quad(whole, f"{_VOID}{kind}Partition", node),
                _quad(node, f"{_VOID}{kind}", pyoxigraph.NamedNode(term)),
                pyoxigraph.Quad(node, _TYPE, _DATASET),
            ]
        return written

    def _partition(self, of_class: str, of_property: str) -> pyoxigraph.NamedNode:
        """Return the IRI of a partition, the same for the same class and property."""
        of = " ".join(filter(None, (of_class, of_property)))
        name = hashlib.sha256(of.encode()).hexdigest()[:12]
        return pyoxigraph.NamedNode(f"{self.dataset.value}#part-{name}") if of else self.dataset


def _quad(subject: pyoxigraph.NamedNode, predicate: str, value: _Term) -> pyoxigraph.Quad:
    return pyoxigraph.Quad(subject, pyoxigraph.NamedNode(predicate), value)


def _of_all(quads: Iterable[pyoxigraph.Quad]) -> Counter[Key]:
    """Count all triples at once; 23,000 take 0.1 s."""
    counts: Counter[Key] = Counter()
    by_subject: dict[_Subject, list[pyoxigraph.Quad]] = {}
    pairs: set[tuple[str, _Term]] = set()
    for quad in quads:
        by_subject.setdefault(quad.subject, []).append(quad)
        pairs.add((quad.predicate.value, quad.object))
    for found in by_subject.values():
        for key, count in _of_subject(found).items():
            counts[key] += count
    for predicate, count in Counter(predicate for predicate, _ in pairs).items():
        counts["", predicate, "distinctObjects"] = count
    counts["", "", "distinctObjects"] = len({value for _, value in pairs})
    return counts


def _of_subject(quads: list[pyoxigraph.Quad]) -> Counter[Key]:
    """Count the triples of one subject."""
    counts: Counter[Key] = Counter({("", "", "triples"): len(quads), ("", "", "distinctSubjects"): 1})
    classes = [
        quad.object.value for quad in quads if quad.predicate == _TYPE and isinstance(quad.object, pyoxigraph.NamedNode)
    ]
    for name in classes:
        counts[name, "", "entities"] = 1
        counts[name, "", "triples"] = len(quads)
    for predicate, count in Counter(quad.predicate.value for quad in quads).items():
        counts["", predicate, "triples"] = count
        counts["", predicate, "distinctSubjects"] = 1
        for name in classes:
            counts[name, predicate, "triples"] = count
    return counts
