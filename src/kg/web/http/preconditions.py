"""Whether a write may go ahead: ``If-Match`` and ``If-None-Match`` (RFC 9110, section 13.1); no Flask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg.domain import PreconditionError
from kg.locales import Message
from kg.store import Version
from kg.web.http.complete_response import states_named

_TAG = re.compile(r'(?:W/)?"[^"]*"')


def version_tag(number: int) -> str:
    """Return the entity tag that stands for a whole version, whatever the address.

    >>> version_tag(12)
    '"version-12"'
    """
    return f'"version-{number}"'


@dataclass(frozen=True)
class Preconditions:
    """What a write says of the state it is for; an empty header says nothing."""

    if_match: str = ""
    if_none_match: str = ""

    def check(
        self,
        current: Version | None,
        state: Callable[[Version], str],
        exists: Callable[[Version], bool],
    ) -> None:
        """Let the write go ahead on the current version or refuse it.

        ``state`` gives what the entity tags of what is written to name in every format, nothing where there are none;
        ``exists`` tells whether that is there.

        :raises PreconditionError: the write is for another state
        """
        if self.if_match and not self._matches(self.if_match, current, state, exists):
            raise _is_another(current)
        if self.if_none_match and self._matches(self.if_none_match, current, state, exists):
            raise _is_there() if self.if_none_match.strip() == "*" else _is_another(current)

    def _matches(
        self,
        header: str,
        current: Version | None,
        state: Callable[[Version], str],
        exists: Callable[[Version], bool],
    ) -> bool:
        """Return whether one of the tags is of the current state; a weak tag is of none."""
        if current is None:
            return False
        if header.strip() == "*":
            return exists(current)
        return version_tag(current.number) in _TAG.findall(header) or state(current) in states_named(header)


def _is_another(current: Version | None) -> PreconditionError:
    number = current.number if current else 0
    tag = version_tag(number)
    return PreconditionError(
        Message("request.graph_changed", number=number),
        cure=Message("request.graph_changed_cure", tag=tag),
    )


def _is_there() -> PreconditionError:
    return PreconditionError(
        Message("request.graph_exists"),
        cure=Message("request.graph_exists_cure"),
    )
