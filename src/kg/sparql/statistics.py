"""Statistics of a store in memory: upper bounds of how many quads a pattern matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyoxigraph

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NT = pyoxigraph.RdfFormat.N_TRIPLES
_DEFAULT = pyoxigraph.DefaultGraph()

Triple = tuple[str, str, str]
"""Subject, predicate and object as N-Triples writes them."""


class Degrees(NamedTuple):
    """Of the triples with one predicate: how many, and how many at most share a subject or an object."""

    count: int = 0
    objects_per_subject: int = 0
    subjects_per_object: int = 0

    def __add__(self, other: tuple[Any, ...]) -> Degrees:
        """Add what was counted of other triples: a sound bound for both together."""
        return Degrees(*map(sum, zip(self, other, strict=True)))


@dataclass
class Counts:
    """What was counted of some graphs: all their triples, by predicate (its IRI), and by class (its IRI).

    ``longest`` is the length in characters of the longest triple, ``blank_objects`` the number of those with a blank
    node for an object.
    """

    all: Degrees = Degrees()
    predicates: dict[str, Degrees] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    longest: int = 0
    blank_objects: int = 0

    def of(self, predicate: str | None) -> Degrees:
        """Return the degrees of a predicate; those of all triples where it is not known which one it is."""
        return self.all if predicate is None else self.predicates.get(predicate, Degrees())

    def instances(self, class_: str | None) -> int:
        """Return how many subjects have a class; where it is not known which one, as many as the largest has."""
        return self.of(RDF_TYPE).subjects_per_object if class_ is None else self.classes.get(class_, 0)

    def add(self, triples: list[Triple]) -> None:
        """Count more triples, as if each were new, and those with the most in common shared their terms.

        >>> counts = Counts()
        >>> counts.add([("<s>", "<p>", "<o>"), ("<s>", "<p>", "<n>")])
        >>> counts.of("p"), counts.of("q")
        (Degrees(count=2, objects_per_subject=2, subjects_per_object=1), Degrees(0, 0, 0))
        """
        if not triples:
            return
        subjects, predicates, objects = zip(*triples, strict=True)
        largest = (max(Counter(terms).values()) for terms in (subjects, objects))
        self.all += Degrees(len(triples), *largest)
        for predicate, degrees in _by_predicate(subjects, predicates, objects):
            self.predicates[predicate] = self.of(predicate) + degrees
        types = Counter(object_ for _, predicate, object_ in triples if predicate[1:-1] == RDF_TYPE)
        for class_, count in types.items():
            self.classes[class_[1:-1]] = self.classes.get(class_[1:-1], 0) + count
        self.longest = max(self.longest, *(len(s) + len(p) + len(o) for s, p, o in triples))
        self.blank_objects += sum(object_.startswith("_:") for object_ in objects)


def _by_predicate(
    subjects: tuple[str, ...], predicates: tuple[str, ...], objects: tuple[str, ...]
) -> Iterator[tuple[str, Degrees]]:
    by_subject = _largest(Counter(zip(predicates, subjects, strict=True)))
    by_object = _largest(Counter(zip(predicates, objects, strict=True)))
    for predicate, count in Counter(predicates).items():
        yield predicate[1:-1], Degrees(count, by_subject[predicate], by_object[predicate])


def _largest(pairs: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return the largest count of each predicate."""
    largest: dict[str, int] = {}
    for (predicate, _), count in pairs.items():
        if count > largest.get(predicate, 0):
            largest[predicate] = count
    return largest


@dataclass
class Statistics:
    """Statistics of the default graph and of all named graphs together.

    They are upper bounds: what is added raises them as far as it may, and what is removed leaves them as they are. The
    engine, too, keeps removed quads in the lists that it looks quads up in. Each change has a new ``revision``.
    """

    default: Counts = field(default_factory=Counts)
    named: Counts = field(default_factory=Counts)
    graph_names: set[str] = field(default_factory=set)
    revision: int = 0

    @classmethod
    def of(cls, store: pyoxigraph.Store) -> Statistics:
        """Count what a store holds."""
        statistics = cls()
        statistics.default.add(_triples(store, _DEFAULT))
        named: list[Triple] = []
        for name in store.named_graphs():
            statistics.graph_names.add(str(name))
            named += _triples(store, name)
        statistics.named.add(named)
        return statistics

    def changed(self, added: Iterable[pyoxigraph.Quad]) -> None:
        """Count quads that were added to the store, in time proportional to them."""
        default: list[Triple] = []
        named: list[Triple] = []
        for quad in added:
            triple = (str(quad.subject), str(quad.predicate), str(quad.object))
            if quad.graph_name == _DEFAULT:
                default.append(triple)
            else:
                named.append(triple)
                self.graph_names.add(str(quad.graph_name))
        self.default.add(default)
        self.named.add(named)
        self.revision += 1

    @property
    def quads(self) -> int:
        """The number of quads in all graphs."""
        return self.default.all.count + self.named.all.count

    @property
    def longest(self) -> int:
        """The length in characters of the longest triple."""
        return max(self.default.longest, self.named.longest)


def _triples(
    store: pyoxigraph.Store, graph: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph
) -> list[Triple]:
    """Return the triples of a graph; N-Triples has one in a line, and a space only between its terms and in objects."""
    lines = (store.dump(format=_NT, from_graph=graph) or b"").decode().split(" .\n")[:-1]
    return [_split(line) for line in lines]


def _split(line: str) -> Triple:
    subject, predicate, object_ = line.split(" ", 2)
    return subject, predicate, object_
