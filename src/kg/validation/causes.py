"""The causes of validation results: what is wrong once, and what follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from kg.domain import Result
from kg.locales import Message

_SHACL = "http://www.w3.org/ns/shacl#"
_REFERRING = (f"{_SHACL}ClassConstraintComponent", f"{_SHACL}NodeConstraintComponent")
_MANY = 3
"""So many results about one value have one cause: two may well name the same city by chance."""


@dataclass(frozen=True)
class Cause:
    """The result to start from, and those that are expected to go with it."""

    result: Result
    consequences: tuple[Result, ...] = ()


def causes(results: Sequence[Result]) -> tuple[Cause, ...]:
    """Group results that have one cause, in the order of the first result of each.

    Results belong together if they are about one property of a node, if the same value fails the same shape, or if they
    refer to a node that is missing, has the wrong type or fails itself. Where several refer to such a node, the cause
    is a result about that node, which says so.
    """
    blamed = _blamed(results)
    heads: dict[Hashable, Hashable] = {}
    for result in results:
        first, *others = map(partial(_head, heads), _tags(result, blamed))
        heads.update(dict.fromkeys(others, first))
    groups: defaultdict[Hashable, list[Result]] = defaultdict(list)
    for result in results:
        groups[_head(heads, next(_tags(result, blamed)))].append(result)
    return tuple(
        sorted(
            (_cause(group, blamed) for group in groups.values()), key=lambda cause: cause.result.severity != "violation"
        )
    )


def _head(heads: dict[Hashable, Hashable], tag: Hashable) -> Hashable:
    """Return the tag that stands for all that are joined with a tag."""
    while (above := heads.setdefault(tag, tag)) != tag:
        heads[tag] = tag = heads.setdefault(above, above)
    return tag


def _blamed(results: Sequence[Result]) -> frozenset[str]:
    """Return the values that results blame: by their type, several at a time, or one that fails the same shape."""
    values = Counter(result.value for result in results if result.value and _is_node(result))
    failing = {(result.focus_node, result.shape) for result in results}
    return frozenset(
        result.value
        for result in results
        if result.value
        and _is_node(result)
        and (result.component in _REFERRING or values[result.value] >= _MANY or (result.value, result.shape) in failing)
    )


def _is_node(result: Result) -> bool:
    return bool(result.value and result.value.startswith(("http://", "https://")))


def _tags(result: Result, blamed: frozenset[str]) -> Iterator[Hashable]:
    """Yield what a result has in common with others of the same cause."""
    yield "property", result.focus_node, (result.path or result.shape).partition("/http")[0]
    if _is_node(result):
        yield "shape", result.shape, result.value
    for node in (result.focus_node, result.value):
        if node in blamed:
            yield "node", node


def _cause(group: Sequence[Result], blamed: frozenset[str]) -> Cause:
    if len(group) == 1:
        return Cause(group[0])
    referring: defaultdict[str, list[Result]] = defaultdict(list)
    for result in group:
        if result.component in _REFERRING and result.value:
            referring[result.value].append(result)
    node = max(referring, key=lambda node: len(referring[node]), default="")
    if len(referring[node]) > 1:
        return Cause(_unfit(node, referring[node][0]), tuple(group))
    counts = Counter(result.shape for result in group)
    first = min(group, key=lambda result: _remoteness(result, blamed, counts))
    return Cause(first, tuple(result for result in group if result is not first))


def _remoteness(result: Result, blamed: frozenset[str], counts: Counter[str]) -> tuple[bool, bool, int]:
    """Return a sort key: a violation that blames a node, of a shape that fails seldom, is nearest to the cause."""
    return result.severity != "violation", result.value not in blamed, counts[result.shape]


def _unfit(node: str, referring: Result) -> Result:
    """Return the result about a node that others refer to in vain."""
    return Result(
        severity=referring.severity,
        focus_node=node,
        path=None,
        value=None,
        shape=referring.shape,
        component=referring.component,
        message=Message("validation.unfit"),
        cure=Message("validation.unfit_cure"),
        lines=(),
    )
