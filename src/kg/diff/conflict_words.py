"""Descriptions of merge conflicts in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.diff.three_way_merge import Conflict
from kg.rdf import Language, Sides, ThingNames, Wording, language_tag


def conflicts_in_words(conflicts: Iterable[Conflict], sides: Sides, language: Language) -> Iterator[str]:
    """Yield a sentence for each conflict between the current version and the outcome."""
    wording = Wording(language, sides)
    names = ThingNames(wording)
    for conflict in conflicts:
        tags = map(language_tag, (*conflict.hand, *conflict.page, *conflict.base))
        hand, page, base = (
            wording.values(conflict.predicate, side) or wording.say("change.nothing")
            for side in (conflict.hand, conflict.page, conflict.base)
        )
        yield wording.say(
            f"change.conflict.{conflict.kind}",
            name=names.name(conflict.subject),
            what=wording.property_name(conflict.predicate, next(tags, "")) if conflict.predicate else "",
            hand=hand,
            page=page,
            base=base,
        )
