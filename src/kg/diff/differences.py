"""A change by thing: the triples added and removed, grouped by the record that they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from kg.diff.changesets import Patch
from kg.rdf import GROUPED, KINDS, Quad, Sides, Things, language_tag, read_quad

Action = Literal["added", "removed", "changed"]


class ChangedStatement(NamedTuple):
    """A quad that was added or removed."""

    is_added: bool
    quad: Quad


class Property(NamedTuple):
    """The values of a property in one language that were added and removed; terms are in N-Triples."""

    predicate: str
    language_tag: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Renaming(NamedTuple):
    """The name of a place before and after a change."""

    old: str
    new: str


@dataclass(frozen=True)
class Changed:
    """A thing that was added, removed or changed, with the statements about it and its parts.

    ``kind`` is one of ``things.KINDS``; ``subject`` and ``city`` are terms, ``city`` empty where there is none.
    """

    kind: str
    subject: str
    action: Action
    city: str
    statements: tuple[ChangedStatement, ...]

    def properties(self, *subjects: str) -> tuple[Property, ...]:
        """Return the changed properties of these subjects; by default of the thing itself."""
        wanted = set(subjects) or {self.subject}
        return properties(statement for statement in self.statements if statement.quad.subject in wanted)

    def follows(self, renaming: Renaming) -> bool:
        """Return whether the thing changed in nothing but that its texts have the new name of a place."""
        added, removed = ({quad for is_new, quad in self.statements if is_new is wanted} for wanted in (True, False))
        return bool(removed) and added == {
            quad._replace(object=quad.object.replace(*renaming)) if quad.object[0] == '"' else quad for quad in removed
        }


@dataclass(frozen=True)
class Difference:
    """A change: things by city and kind, and names of empty graphs that were created or dropped.

    Every statement stands in exactly one of the things.
    """

    things: tuple[Changed, ...]
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def properties(statements: Iterable[ChangedStatement]) -> tuple[Property, ...]:
    """Gather statements by predicate and language tag, in order."""
    found: defaultdict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for is_added, quad in statements:
        found[quad.predicate, language_tag(quad.object)][is_added].add(quad.object)
    return tuple(
        Property(predicate, tag, tuple(sorted(before)), tuple(sorted(after)))
        for (predicate, tag), (before, after) in sorted(found.items())
    )


def difference(patch: Patch, sides: Sides) -> Difference:
    """Group a changeset by thing, in time proportional to its length."""
    statements = [ChangedStatement(is_added=True, quad=read_quad(line)) for line in patch.added]
    statements += [ChangedStatement(is_added=False, quad=read_quad(line)) for line in patch.removed]
    gathered: defaultdict[tuple[str, str], list[ChangedStatement]] = defaultdict(list)
    things = Things(sides)
    for statement in statements:
        gathered[things.owner(statement.quad)].append(statement)
    changed = [_changed(kind, subject, found, things) for (kind, subject), found in gathered.items()]
    return Difference(tuple(sorted(_with_cities(changed), key=_order)), patch.created, patch.dropped)


def _changed(kind: str, subject: str, statements: list[ChangedStatement], things: Things) -> Changed:
    action: Action = "changed" if kind in GROUPED else things.action(subject)
    return Changed(kind, subject, action, things.city(kind, subject), tuple(sorted(statements)))


def _with_cities(things: list[Changed]) -> Iterator[Changed]:
    """Group the changes that were made together with a tie: the city, its figures, its exchanges."""
    ties = {(thing.city, thing.action): thing for thing in things if thing.kind == "friendship" and thing.city}
    joined: defaultdict[tuple[str, Action], list[ChangedStatement]] = defaultdict(list)
    for thing in things:
        action = _as_one(thing)
        key = (thing.city, action)
        if thing.city and action != "changed" and key in ties:
            joined[key] += thing.statements
        else:
            yield thing
    for (city, action), statements in joined.items():
        tie = ties[city, action]
        yield replace(tie, kind="city", subject=city, statements=tuple(sorted(statements)))


def _as_one(thing: Changed) -> Action:
    """Return the action for a group: a city that was known before may still be new as a partner."""
    if thing.action != "changed" or thing.kind not in ("unit", "characteristic", "place"):
        return thing.action
    signs = {statement.is_added for statement in thing.statements}
    return "changed" if len(signs) > 1 else "added" if True in signs else "removed"


def _order(thing: Changed) -> tuple[bool, str, int, str, str]:
    return not thing.city, thing.city, KINDS.index(thing.kind), thing.subject, thing.action
