"""Three-way merge of a new build with manual changes.

The ``base`` is the output of the last build, ``current`` (ours) the base with manual changes, and ``new`` (theirs) the
output of this build. The outcome is the new output with the manual changes applied; where both sides changed the same
property there is a conflict, which the caller decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from kg.domain import FIELDS, Iris
from kg.rdf import Quad, Sides, Things, index_lines, language_tag, object_of, read_quad, subject_of

Side = Literal["page", "hand"]
_LINKS = ("record", "noteOn", "participant", "anniversary")
_MANY = (
    *(term for term, field in FIELDS.items() if field.is_many and field.form != "records"), "characteristic",
    "event", "participant", "note", "kind", "visited", "anniversary", "concludes", "agreement", "party", "within",
    "whose", "gives", "about",
)  # fmt: skip
_MANY_OF_OTHERS = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/ns/prov#wasDerivedFrom",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#exactMatch",
    "http://www.w3.org/2004/02/skos/core#closeMatch",
    "http://www.w3.org/2004/02/skos/core#editorialNote",
    "http://www.w3.org/2002/07/owl#sameAs",
    "http://www.w3.org/2000/01/rdf-schema#comment",
    "http://www.w3.org/2000/01/rdf-schema#seeAlso",
)


class Key(NamedTuple):
    """The unit of conflict detection: a property of a subject in a graph, in one language."""

    graph: str
    subject: str
    predicate: str
    language_tag: str


@dataclass(frozen=True)
class Conflict:
    """A conflict between the new build and the manual changes.

    ``kind`` is ``changed`` (both changed the property), ``gone`` (changed by hand, and no longer on the page) or
    ``removed`` (removed by hand, and changed on the page). ``predicate`` and the values are of ``changed`` alone.
    """

    kind: Literal["changed", "gone", "removed"]
    subject: str
    predicate: str = ""
    base: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    hand: tuple[str, ...] = ()


@dataclass(frozen=True)
class MergeResult:
    """The result of a merge: the outcome, as N-Quads lines, for either preferred side, and the conflicts."""

    page_preferred: frozenset[str]
    hand_preferred: frozenset[str]
    conflicts: tuple[Conflict, ...]

    def around(self, others: frozenset[str]) -> MergeResult:
        """Add unaffected lines to the outcome."""
        return MergeResult(self.page_preferred | others, self.hand_preferred | others, self.conflicts)

    def outcome(self, prefer: Side | None = None) -> frozenset[str]:
        """Return the outcome with this side preferred; the page by default."""
        return self.hand_preferred if prefer == "hand" else self.page_preferred


def merge_three_way(base: Iterable[str], current: Iterable[str], new: Iterable[str], iris: Iris) -> MergeResult:
    """Apply the manual changes, from ``base`` to ``current``, to ``new``.

    Only the neighbourhood of the manual changes is parsed.
    """
    base, current, new = frozenset(base), frozenset(current), frozenset(new)
    if base == current:
        return MergeResult(new, new, ())
    added, removed = ([read_quad(line) for line in sorted(lines)] for lines in (current - base, base - current))
    added = _moved_to_page_graph(added, new, iris)
    subjects = tuple(frozenset(map(subject_of, lines)) for lines in (base, new))
    touched = _touched(added, removed, subjects[0] - subjects[1])
    near = _nearby(touched, (*base, *new, *(quad.line for quad in added)), iris)
    old, fresh = (
        [line for line in lines if subject_of(line) in near or object_of(line) in near] for lines in (base, new)
    )
    merged = _Merge(list(map(read_quad, old)), added, removed, list(map(read_quad, fresh)), iris)
    return merged.outcome().around(new.difference(fresh))


def _moved_to_page_graph(added: list[Quad], new: frozenset[str], iris: Iris) -> list[Quad]:
    """Move quads of the default graph to the page's graph if the page describes their subject.

    So equal statements are not duplicated, and different ones conflict.
    """
    loose = {quad.subject for quad in added if not quad.graph}
    page = f"<{iris.graph('page')}>"
    ending = f" {page} ."
    spoken = {subject_of(line) for line in new if line.endswith(ending)} & loose if loose else set()
    return [quad if quad.graph or quad.subject not in spoken else quad._replace(graph=page) for quad in added]


def _touched(added: list[Quad], removed: list[Quad], lost: frozenset[str]) -> frozenset[str]:
    found = {quad.subject for quad in (*added, *removed)} | {quad.object for quad in added if quad.object in lost}
    return frozenset(found)


def _nearby(subjects: Iterable[str], lines: Iterable[str], iris: Iris) -> set[str]:
    """Return subjects with the records and parts of records that they are linked with."""
    links = tuple(f" <{iris.ontology}{name}> <" for name in _LINKS)
    linked: defaultdict[str, set[str]] = defaultdict(set)
    for quad in (read_quad(line) for line in lines if any(link in line for link in links)):
        linked[quad.subject].add(quad.object)
        linked[quad.object].add(quad.subject)
    found: set[str] = set()
    waiting = list(subjects)
    while waiting:
        subject = waiting.pop()
        if subject not in found:
            found.add(subject)
            waiting.extend(linked.get(subject, ()))
    return found


class _Merge:
    def __init__(self, base: list[Quad], added: list[Quad], removed: list[Quad], new: list[Quad], iris: Iris) -> None:
        self.base, self.new = set(base), set(new)
        self.added, self.removed = set(added), set(removed)
        self.iris = iris
        self.hand = (self.base - self.removed) | self.added
        self.provenance = f"<{iris.graph('provenance')}>"
        ontology = f"<{iris.ontology}"
        self.many = {f"{ontology}{name}>" for name in _MANY} | {f"<{name}>" for name in _MANY_OF_OTHERS}
        self.subjects_of_base = {quad.subject for quad in base}
        self.subjects_of_new = {quad.subject for quad in new}
        self.subjects_by_hand = {quad.subject for quad in self.hand}

    @cached_property
    def _things(self) -> Things:
        before, after = (index_lines(quad.line for quad in quads) for quads in (self.base | self.added, self.new))
        return Things(Sides(before, after, self.iris))

    def _whole(self, quad: Quad) -> str:
        """Return the record that a quad belongs to."""
        return self._things.part_of(quad.subject)

    def outcome(self) -> MergeResult:
        gone, removed = self._removed_on_page(), self._removed_by_hand()
        settled = set(gone) | removed
        changed = {
            key: found for key, found in self._both_changed() if not settled & self._subject_and_whole(key.subject)
        }
        conflicts = [Conflict("gone", subject) for subject in sorted(gone)]
        conflicts += [Conflict("removed", subject) for subject in sorted(removed)]
        page, hand = (self._outcome(prefer, gone, removed, set(changed)) for prefer in ("page", "hand"))
        page_lines, hand_lines = (frozenset(quad.line for quad in side) for side in (page, hand))
        return MergeResult(page_lines, hand_lines, (*conflicts, *changed.values()))

    def _subject_and_whole(self, subject: str) -> set[str]:
        return {subject, self._things.part_of(subject)}

    # -- conflicts -------------------------------------------------------------------------------------------------

    def _removed_on_page(self) -> set[str]:
        """Return the subjects that were changed manually and removed from the page."""
        lost = self.subjects_of_base - self.subjects_of_new
        found = {term for quad in self.added for term in (quad.subject, quad.object) if term in lost}
        return {subject for subject in found if not (self._subject_and_whole(subject) - {subject}) & found}

    def _removed_by_hand(self) -> set[str]:
        """Return the records that were removed manually, and changed or referenced by the page since."""
        dropped = {self._whole(quad) for quad in self.removed} & self.subjects_of_base - self.subjects_by_hand
        said = [quad for quad in self.new - self.base if quad.graph != self.provenance] if dropped else []
        return dropped & ({self._whole(quad) for quad in said} | {quad.object for quad in said})

    def _both_changed(self) -> Iterator[tuple[Key, Conflict]]:
        touched = {_key(quad) for quad in self.added | self.removed}
        base, hand, new = (_by_key(quads, touched) for quads in (self.base, self.hand, self.new))
        for key in sorted(touched):
            if key.subject in self.subjects_of_base and key.subject not in self.subjects_of_new:
                continue
            were, ours, theirs = base[key], hand[key], new[key]
            if len({*map(frozenset, (were, ours, theirs))}) < len((were, ours, theirs)):
                continue
            is_told_twice = key.predicate.endswith("#event>") and key.subject not in self.subjects_of_base
            if key.predicate in self.many and not (is_told_twice or self._both_replaced(were, ours, theirs)):
                continue
            values = (tuple(sorted(side)) for side in (were, theirs, ours))
            yield key, Conflict("changed", key.subject, key.predicate, *values)

    def _both_replaced(self, were: set[str], ours: set[str], theirs: set[str]) -> bool:
        both_took = (were - ours) & (were - theirs)
        return bool(both_took) and bool(ours - were) and bool(theirs - were) and ours - were != theirs - were

    # -- the outcome -----------------------------------------------------------------------------------------------

    def _outcome(self, prefer: str, gone: set[str], removed: set[str], keys: set[Key]) -> set[Quad]:
        added = {quad for quad in self.added if not self._is_settled(quad, gone | removed, keys)}
        taken = {quad for quad in self.removed if not self._is_settled(quad, removed, keys)}
        outcome = ((self.new - taken) - self._left_of_removed(removed)) | added
        if prefer == "page":
            return outcome
        outcome -= {quad for quad in outcome if _key(quad) in keys}
        outcome |= {quad for quad in self.hand if _key(quad) in keys}
        outcome -= {quad for quad in self.new if self._is_settled(quad, removed, set())}
        return outcome | {quad for quad in self.hand if self._is_restored(quad, gone)}

    def _is_settled(self, quad: Quad, subjects: set[str], keys: set[Key]) -> bool:
        if _key(quad) in keys:
            return True
        return bool(subjects) and bool(({quad.object} | self._subject_and_whole(quad.subject)) & subjects)

    def _is_restored(self, quad: Quad, gone: set[str]) -> bool:
        return self._is_settled(quad, gone, set()) and (quad.graph != self.provenance or quad in self.added)

    def _left_of_removed(self, contested: set[str]) -> set[Quad]:
        """Return the renumbered provenance that the new build has for manually removed records."""
        dropped = {quad.subject for quad in self.removed} - self.subjects_by_hand
        left = {quad for quad in self.new if quad.subject in dropped and quad.graph == self.provenance}
        return {quad for quad in left if not self._is_settled(quad, contested, set())}


def _key(quad: Quad) -> Key:
    return Key(quad.graph, quad.subject, quad.predicate, language_tag(quad.object))


def _by_key(quads: Iterable[Quad], wanted: set[Key]) -> defaultdict[Key, set[str]]:
    subjects = {key.subject for key in wanted}
    found: defaultdict[Key, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.subject in subjects:
            found[_key(quad)].add(quad.object)
    return found
