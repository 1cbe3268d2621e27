"""Descriptions of merge conflicts in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.diff.three_way_merge import Conflict
from kg.rdf import Language, Phrase, Sides, ThingNames, Wording, language_tag

_PATTERNS = {
    "changed": Phrase(
        "{name} {what}: 직접 수정한 값 {hand}, 새 페이지의 값 {page}, 이전 값 {base}",
        "{name}, {what}: {hand} by hand, {page} on the new page, {base} before",
        "{name}{what}：手工修改为{hand}，新页面为{page}，原为{base}",
    ),
    "gone": Phrase(
        "{name}: 직접 수정하거나 추가한 내용이 있으나 새 페이지에 없는 항목입니다.",
        "{name}: changed or added to by hand, and no longer on the new page",
        "{name}：有手工修改或补充的内容，但新页面中已无此项",
    ),
    "removed": Phrase(
        "{name}: 직접 삭제하였으나 새 페이지에서 내용이 바뀐 항목입니다.",
        "{name}: removed by hand, and changed on the new page",
        "{name}：已手工删除，但新页面中有变更",
    ),
}
_NONE = Phrase("없음", "nothing", "无")


def conflicts_in_words(conflicts: Iterable[Conflict], sides: Sides, language: Language) -> Iterator[str]:
    """Yield a sentence for each conflict between the current version and the outcome."""
    wording = Wording(language, sides)
    names = ThingNames(wording)
    for conflict in conflicts:
        tags = map(language_tag, (*conflict.hand, *conflict.page, *conflict.base))
        hand, page, base = (
            wording.values(conflict.predicate, side) or wording.say(_NONE)
            for side in (conflict.hand, conflict.page, conflict.base)
        )
        yield wording.say(_PATTERNS[conflict.kind]).format(
            name=names.name(conflict.subject),
            what=wording.property_name(conflict.predicate, next(tags, "")) if conflict.predicate else "",
            hand=hand, page=page, base=base,
        )  # fmt: skip
