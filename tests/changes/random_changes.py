"""Random changes: triples and whole records that come, go or are altered, drawn from what a graph has already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random

Triple = tuple[str, str, str]
"""Subject, predicate and object as N-Triples writes them."""

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LITERALS = (
    '"2013-09-30"^^<{0}date>', '"1899-01-01"^^<{0}date>', '"0"^^<{0}integer>', '"-7"^^<{0}integer>', '"day"',
    '"month"', '"2013-09"', '"글"@ko', '"text"@en', '"字"@zh-Hans', '"true"^^<{0}boolean>', '"1.5"^^<{0}decimal>',
)  # fmt: skip
LITERALS = tuple(form.format(_XSD) for form in _LITERALS)


@dataclass(frozen=True)
class Change:
    """Triples to add and to remove, none of both."""

    added: frozenset[Triple]
    removed: frozenset[Triple]

    def of(self, triples: frozenset[Triple]) -> frozenset[Triple]:
        """Return the triples after the change."""
        return (triples - self.removed) | self.added


class Pool:
    """What random changes of a graph are drawn from."""

    def __init__(self, triples: frozenset[Triple]) -> None:
        """Hold the triples, in an order that does not depend on how they came."""
        self.triples = tuple(sorted(triples))

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """Every subject, once."""
        return tuple(sorted({subject for subject, _, _ in self.triples}))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Every class that has an instance."""
        return tuple(sorted({object_ for _, predicate, object_ in self.triples if predicate == TYPE}))

    def about(self, node: str) -> list[Triple]:
        """Return the triples of a subject."""
        return [triple for triple in self.triples if triple[0] == node]

    def at(self, node: str) -> list[Triple]:
        """Return the triples of a subject, and those that point to it."""
        return [triple for triple in self.triples if node in (triple[0], triple[2])]


Parts = tuple[list[Triple], list[Triple]]


def _remove(pool: Pool, random: Random) -> Parts:
    return [], [random.choice(pool.triples)]


def _remove_typed(pool: Pool, random: Random) -> Parts:
    return [], [random.choice([triple for triple in pool.triples if triple[1] == TYPE])]


def _add(pool: Pool, random: Random) -> Parts:
    return [(random.choice(pool.subjects), random.choice(pool.triples)[1], random.choice(pool.triples)[2])], []


def _add_value(pool: Pool, random: Random) -> Parts:
    subject, predicate, _ = random.choice(pool.triples)
    return [(subject, predicate, random.choice(LITERALS))], []


def _alter(pool: Pool, random: Random) -> Parts:
    subject, predicate, object_ = random.choice(pool.triples)
    alike = [triple[2] for triple in pool.triples if triple[1] == predicate]
    return [(subject, predicate, random.choice(alike))], [(subject, predicate, object_)]


def _alter_value(pool: Pool, random: Random) -> Parts:
    dates = [triple for triple in pool.triples if triple[2].endswith(("date>", "integer>"))]
    subject, predicate, object_ = random.choice(dates or pool.triples)
    return [(subject, predicate, random.choice(LITERALS))], [(subject, predicate, object_)]


def _retype(pool: Pool, random: Random) -> Parts:
    typed = random.choice([triple for triple in pool.triples if triple[1] == TYPE])
    return [(typed[0], TYPE, random.choice(pool.classes))], [typed] if random.random() < 0.5 else []


def _remove_record(pool: Pool, random: Random) -> Parts:
    node = random.choice(pool.subjects)
    return [], pool.at(node) if random.random() < 0.5 else pool.about(node)


def _copy_record(pool: Pool, random: Random) -> Parts:
    node = random.choice(pool.subjects)
    new = f"{node[:-1]}-{random.randrange(1000)}>"
    chosen = pool.at(node) if random.random() < 0.5 else pool.about(node)
    return [_renamed(triple, node, new) for triple in chosen], []


def _renamed(triple: Triple, node: str, new: str) -> Triple:
    subject, predicate, object_ = (new if term == node else term for term in triple)
    return subject, predicate, object_


def _axiom(pool: Pool, random: Random) -> Parts:
    axioms = [triple for triple in pool.triples if triple[1] == SUBCLASS]
    if axioms and random.random() < 0.5:
        return [], [random.choice(axioms)]
    return [(random.choice(pool.classes), SUBCLASS, random.choice(pool.classes))], []


KINDS = (
    *(_remove, _remove_typed, _add, _add_value, _alter, _alter_value, _retype, _remove_record, _copy_record),
    _axiom,
)


def random_change(pool: Pool, random: Random) -> Change:
    """Draw a change of one to four parts; an axiom about classes, which affects much, is in few."""
    added: set[Triple] = set()
    removed: set[Triple] = set()
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        kinds = KINDS if random.random() < 0.2 else KINDS[:-1]
        more, fewer = random.choice(kinds)(pool, random)
        added.update(more)
        removed.update(fewer)
    had = frozenset(pool.triples)
    return Change(frozenset(added) - had, frozenset(removed) & had - frozenset(added))
