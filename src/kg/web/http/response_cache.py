"""The response cache: complete responses of the current version, within a memory limit; no Flask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import BinaryIO, NamedTuple

Key = tuple[str | bytes | None, ...]
"""Everything that a response depends on except the version."""

_MOST_REQUESTS = 4096
_SHARE_OF_ONE = 8
_OVERHEAD = 1024


class CachedResponse(NamedTuple):
    """A complete response: status, header fields, body, and entity tag with its quotes.

    A ``file`` replaces the body; its sender closes it.
    """

    status: int
    fields: list[tuple[str, str]]
    body: bytes
    etag: str
    file: BinaryIO | None = None

    def matches_etag(self, if_none_match: str) -> bool:
        """Return whether ``If-None-Match`` has the entity tag of this response."""
        return bool(self.etag and if_none_match) and (self.etag in if_none_match or if_none_match.strip() == "*")

    def not_modified(self) -> CachedResponse:
        """Return the 304 for this response."""
        kept = [(name, value) for name, value in self.fields if name not in _OF_THE_BODY]
        return CachedResponse(304, kept, b"", self.etag)


_OF_THE_BODY = frozenset({"content-length", "content-type", "content-encoding", "repr-digest"})


class ResponseCache:
    """An LRU cache of responses, cleared when the version changes.

    Used by one thread only.
    """

    def __init__(self, size: int) -> None:
        """Start empty; ``size`` limits the bytes of keys and bodies."""
        self.hits = 0
        self.used_bytes = 0
        self._size = size
        self._version: object = None
        self._answers: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._requests: dict[Hashable, CachedResponse] = {}

    def __len__(self) -> int:
        """Return the number of responses."""
        return len(self._answers)

    def find_request(self, version: Hashable, request: Hashable) -> CachedResponse | None:
        """Return the response of an identical request in this version, or None."""
        answer = self._requests.get(request) if version is self._version else None
        if answer is not None:
            self.hits += 1
        return answer

    def keep_request(self, version: Hashable, request: Hashable, answer: CachedResponse) -> None:
        """Map an identical request to a response that is in the cache."""
        if version is not self._version:
            return
        if len(self._requests) >= _MOST_REQUESTS:
            self._requests.clear()
        self._requests[request] = answer

    def find(self, version: Hashable, key: Key) -> CachedResponse | None:
        """Return the response for a key in this version, or None; a new version clears the cache."""
        if version is not self._version:
            self._clear(version)
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
            self.hits += 1
        return answer

    def keep(self, version: Hashable, key: Key, answer: CachedResponse) -> None:
        """Cache a response of this version, unless it is too large or the version is not current."""
        used_bytes = _size_of(key, answer)
        if version is not self._version or used_bytes > self._size // _SHARE_OF_ONE or key in self._answers:
            return
        self._answers[key] = answer
        self.used_bytes += used_bytes
        while self.used_bytes > self._size:
            self.used_bytes -= _size_of(*self._answers.popitem(last=False))
            self._requests.clear()

    def _clear(self, version: Hashable) -> None:
        self._answers.clear()
        self._requests.clear()
        self.used_bytes = 0
        self._version = version


def _size_of(key: Key, answer: CachedResponse) -> int:
    return _OVERHEAD + len(answer.body) + sum(map(len, filter(None, key)))
