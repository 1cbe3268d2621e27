"""Statistics of a store in memory: upper bounds of how many quads a pattern matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import compress
from typing import NamedTuple

import pyoxigraph

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NT = pyoxigraph.RdfFormat.N_TRIPLES
_DEFAULT = pyoxigraph.DefaultGraph()

Triple = tuple[str, str, str]
"""Subject, predicate and object as N-Triples writes them."""


class Degrees(NamedTuple):
    """Of the triples with one predicate: how many, and how many at most share a subject or an object."""

    triples: int = 0
    objects_per_subject: int = 0
    subjects_per_object: int = 0

    def plus(self, other: Degrees) -> Degrees:
        """Add what was counted of other triples: a sound bound for both together."""
        return Degrees(*map(sum, zip(self, other, strict=True)))


class Lists(NamedTuple):
    """Of subjects and of objects of a predicate: how many quads one of them has at most, on either side, anywhere."""

    subject_as_subject: int
    subject_as_object: int
    object_as_subject: int
    object_as_object: int


@dataclass
class Counts:
    """What was counted of some graphs: all their triples, by predicate (its IRI), and by class (its IRI).

    ``subjects`` has, for subjects with the same set of predicates, how many objects of each they have at most;
    ``added`` has how many each predicate may have got since. ``lengths`` has the characters of the longest object of
    each predicate,
    ``longest_name`` those of the longest subject or predicate, ``longest`` those of the longest term, and
    ``blank_objects`` counts the objects that are blank nodes.
    """

    all: Degrees = field(default_factory=Degrees)
    predicates: dict[str, Degrees] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    subjects: dict[frozenset[str], dict[str, int]] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    longest_name: int = 0
    longest: int = 0
    blank_objects: int = 0
    _beside: dict[tuple[str, frozenset[str]], int] = field(default_factory=dict)

    def of(self, predicate: str | None) -> Degrees:
        """Return the degrees of a predicate; those of all triples where it is not known which one it is."""
        return self.all if predicate is None else self.predicates.get(predicate, Degrees())

    def objects_beside(self, predicate: str, others: frozenset[str]) -> int:
        """Return how many objects of a predicate a subject has at most that has other predicates, too.

        A subject may have got a predicate that triples were added of, so that those say nothing about it.
        """
        key = predicate, others
        if key not in self._beside:
            known = others.difference(self.added)
            most = max((counts.get(predicate, 0) for has, counts in self.subjects.items() if known <= has), default=0)
            self._beside[key] = min(self.of(predicate).objects_per_subject, most + self.added.get(predicate, 0))
        return self._beside[key]

    def instances(self, class_: str | None) -> int:
        """Return how many subjects have a class; where it is not known which one, as many as the largest has."""
        return self.of(RDF_TYPE).subjects_per_object if class_ is None else self.classes.get(class_, 0)

    def length(self, predicate: str | None) -> int:
        """Return how long the objects of a predicate are at most."""
        return self.longest if predicate is None else self.lengths.get(predicate, 0)

    def add(self, triples: list[Triple]) -> None:
        """Count more triples, as if each were new, and those with the most in common shared their terms.

        >>> counts = Counts()
        >>> counts.add([("<s>", "<p>", "<o>"), ("<s>", "<p>", "<n>")])
        >>> counts.of("p"), counts.of("q").triples
        (Degrees(triples=2, objects_per_subject=2, subjects_per_object=1), 0)
        """
        if not triples:
            return
        subjects, predicates, objects = zip(*triples, strict=True)
        by_subject = Counter(zip(predicates, subjects, strict=True))
        by_predicate = _largest(by_subject)
        largest = (max(Counter(terms).values()) for terms in (subjects, objects))
        self.all = self.all.plus(Degrees(len(triples), *largest))
        self._add_degrees(predicates, by_predicate, _largest(Counter(zip(predicates, objects, strict=True))))
        self._add_terms(subjects, predicates, objects)
        if self.all.triples == len(triples):
            self.subjects = _subjects(by_subject)
        else:
            for predicate, count in by_predicate.items():
                self.added[predicate[1:-1]] = self.added.get(predicate[1:-1], 0) + count
        self._beside.clear()

    def _add_degrees(
        self, predicates: tuple[str, ...], by_subject: Mapping[str, int], by_object: Mapping[str, int]
    ) -> None:
        for predicate, count in Counter(predicates).items():
            iri = predicate[1:-1]
            self.predicates[iri] = self.of(iri).plus(Degrees(count, by_subject[predicate], by_object[predicate]))

    def _add_terms(self, subjects: tuple[str, ...], predicates: tuple[str, ...], objects: tuple[str, ...]) -> None:
        lengths: dict[str, int] = {}
        for predicate, length in zip(predicates, map(len, objects), strict=True):
            if length > lengths.get(predicate, 0):
                lengths[predicate] = length
        for predicate, length in lengths.items():
            self.lengths[predicate[1:-1]] = max(length, self.lengths.get(predicate[1:-1], 0))
        self.longest_name = max(self.longest_name, *map(len, subjects), *map(len, predicates))
        self.longest = max(self.longest, self.longest_name, *lengths.values())
        self.blank_objects += sum(object_[0] == "_" for object_ in objects)
        is_type = f"<{RDF_TYPE}>".__eq__
        for class_, count in Counter(compress(objects, map(is_type, predicates))).items():
            self.classes[class_[1:-1]] = self.classes.get(class_[1:-1], 0) + count


def _largest(pairs: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return the largest count of each predicate."""
    largest: dict[str, int] = {}
    for (predicate, _), count in pairs.items():
        if count > largest.get(predicate, 0):
            largest[predicate] = count
    return largest


def _subjects(pairs: Mapping[tuple[str, str], int]) -> dict[frozenset[str], dict[str, int]]:
    """Return the largest counts of predicates by the set of predicates that subjects have.

    >>> _subjects({("<p>", "<s>"): 2, ("<p>", "<t>"): 3}) == {frozenset(["p"]): {"p": 3}}
    True
    """
    subjects: dict[str, dict[str, int]] = {}
    for (predicate, subject), count in pairs.items():
        subjects.setdefault(subject, {})[predicate] = count
    largest: dict[frozenset[str], dict[str, int]] = {}
    for counts in subjects.values():
        others = largest.setdefault(frozenset(counts), counts)
        if others is not counts and others != counts:
            largest[frozenset(counts)] = {name: max(count, others[name]) for name, count in counts.items()}
    named = ({name[1:-1]: count for name, count in counts.items()} for counts in largest.values())
    return {frozenset(counts): counts for counts in named}


def _lists(triples: list[Triple]) -> dict[str, Lists]:
    """Return the lengths of the lists for subjects and objects, by predicate.

    >>> _lists([("<s>", "<p>", "<o>"), ("<s>", "<q>", "<o>")])["p"]
    Lists(subject_as_subject=2, subject_as_object=0, object_as_subject=0, object_as_object=2)
    """
    if not triples:
        return {}
    subjects, predicates, objects = zip(*triples, strict=True)
    as_subject, as_object = Counter(subjects), Counter(objects)
    sides = []
    for terms in (subjects, objects):
        pairs = set(zip(predicates, terms, strict=True))
        for lengths in (as_subject, as_object):
            largest = dict.fromkeys(predicates, 0)
            for predicate, term in pairs:
                if (length := lengths.get(term, 0)) > largest[predicate]:
                    largest[predicate] = length
            sides.append(largest)
    return {predicate[1:-1]: Lists(*(side[predicate] for side in sides)) for predicate in sides[0]}


@dataclass
class Statistics:
    """Statistics of the default graph and of all named graphs together.

    They are upper bounds: what is added raises them as far as it may, and what is removed leaves them as they are. The
    engine, too, keeps removed quads in the lists that it looks quads up in. Each change has a new ``revision``.
    """

    default: Counts = field(default_factory=Counts)
    named: Counts = field(default_factory=Counts)
    graph_names: set[str] = field(default_factory=set)
    lists: dict[str, Lists] = field(default_factory=dict)
    """By predicate; one for which that is not known is left out."""
    revision: int = 0

    @classmethod
    def of(cls, store: pyoxigraph.Store, *, is_merge: bool = False) -> Statistics:
        """Count what a store holds; ``is_merge`` tells that its default graph is the merge of all its named graphs."""
        names = list(store.named_graphs())
        default = _triples(store, _DEFAULT)
        statistics = cls(graph_names=set(map(str, names)))
        statistics.default.add(default)
        if is_merge and len(store) == 2 * len(default):  # no triple is in two graphs: it is all counted already
            statistics.named = deepcopy(statistics.default)
            statistics.lists = {iri: Lists(*(2 * length for length in known)) for iri, known in _lists(default).items()}
        else:
            named = [triple for name in names for triple in _triples(store, name)]
            statistics.named.add(named)
            statistics.lists = _lists([*default, *named])
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
        self._change_lists([*default, *named])
        self.revision += 1

    def _change_lists(self, added: list[Triple]) -> None:
        """Update the bounds of lists, and drop those of predicates with changed subjects or objects."""
        for _, predicate, _ in added:
            self.lists.pop(predicate[1:-1], None)
        as_subject = max(Counter(subject for subject, _, _ in added).values(), default=0)
        as_object = max(Counter(object_ for _, _, object_ in added).values(), default=0)
        raised = (as_subject, as_object, as_subject, as_object)
        self.lists = {iri: Lists(*map(sum, zip(known, raised, strict=True))) for iri, known in self.lists.items()}

    @property
    def quads(self) -> int:
        """The number of quads in all graphs."""
        return self.default.all.triples + self.named.all.triples

    @property
    def longest(self) -> int:
        """The length in characters of the longest term."""
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
