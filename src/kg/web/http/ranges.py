"""Byte ranges: which part of an answer a request asks for (RFC 9110, section 14); no Flask."""

from __future__ import annotations

import re

from kg.domain import RangeError
from kg.locales import Message

_SINGLE = re.compile(r"bytes[ \t]*=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*\Z", re.ASCII | re.IGNORECASE)


def byte_range(header: str, length: int) -> range | None:
    """Return the positions that a Range header asks for, or None where the whole answer is to be sent.

    A header of another unit, of several ranges or that is malformed is ignored, as a server may.

    :raises RangeError: the answer ends before the range begins

    >>> byte_range("bytes=2-4", 10), byte_range("bytes=7-", 10), byte_range("bytes=-3", 10), byte_range("lines=1-2", 10)
    (range(2, 5), range(7, 10), range(7, 10), None)
    """
    found = _SINGLE.match(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = (int(text) if text else None for text in found.groups())
    if first is None:
        wanted = range(max(length - (last or 0), 0), length)
    elif last is not None and last < first:
        return None
    else:
        wanted = range(first, length if last is None else min(last + 1, length))
    if not wanted:
        raise _unsatisfiable(length)
    return wanted


def is_of_this_answer(if_range: str | None, etag: str | None, last_modified: str | None) -> bool:
    """Return whether a range is of the very bytes that the client has the rest of (RFC 9110, section 13.1.5)."""
    return if_range is None or if_range.strip() in (etag, last_modified)


def content_range(sent: range, length: int) -> str:
    """Return the Content-Range of a part.

    >>> content_range(range(2, 5), 10)
    'bytes 2-4/10'
    """
    return f"bytes {sent.start}-{sent.stop - 1}/{length}"


def _unsatisfiable(length: int) -> RangeError:
    return RangeError(
        Message("request.range", length=length),
        cure=Message("request.range_cure"),
        length=length,
    )
