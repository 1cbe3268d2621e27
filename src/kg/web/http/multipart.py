"""Bodies of ``multipart/form-data`` (RFC 7578), split without Flask's form parser: each part keeps its type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.domain import RequestError
from kg.locales import Message
from kg.web.http.protocol import parameter_of

_MOST_PARTS = 1000
_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([^\r\n]*)", re.IGNORECASE)
_CODING = re.compile(rb"\r\ncontent-transfer-encoding:[ \t]*(?!7bit|8bit|binary)", re.IGNORECASE)
"""RFC 7578, section 4.7: senders should not use a transfer encoding."""


def parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    r"""Yield the Content-Type and the content of each part, in time linear in the length of the body.

    :raises RequestError: the body is no multipart

    >>> list(parts("multipart/form-data; boundary=b", b"--b\r\nContent-Type: text/turtle\r\n\r\n<a>\r\n--b--\r\n"))
    [('text/turtle', b'<a>')]
    """
    boundary = parameter_of(content_type, "boundary").encode()
    for number, section in enumerate(_sections(body, boundary)):
        padding, line_end, _ = section.partition(b"\r\n")
        head, is_split, content = section[len(padding) :].partition(b"\r\n\r\n")
        if padding.strip(b" \t") or not line_end or not is_split or _CODING.search(head) or number >= _MOST_PARTS:
            raise _not_multipart()
        named = _TYPE.search(head)
        yield named[1].decode("latin-1").strip() if named else "", content


def _sections(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield what stands between two delimiters, up to the one that closes the body."""
    delimiter = b"\r\n--" + boundary
    text = b"\r\n" + body
    start = text.find(delimiter) if boundary else -1
    if text.startswith(b"--", start + len(delimiter)):
        start = -1  # closed before it began
    while start >= 0 and not text.startswith(b"--", start + len(delimiter)):
        end = text.find(delimiter, start + len(delimiter))
        if end >= 0:
            yield text[start + len(delimiter) : end]
        start = end
    if start < 0:
        raise _not_multipart()


def _not_multipart() -> RequestError:
    return RequestError(
        Message("request.multipart"),
        cure=Message("request.multipart_cure"),
    )
