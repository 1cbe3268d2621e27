"""Bodies of ``multipart/form-data`` (RFC 7578), taken apart without Flask's form parser: each part keeps its type."""

from __future__ import annotations

from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP

from kg.errors import Message, RequestError


def parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    r"""Yield the Content-Type and the content of each part.

    :raises RequestError: the body is no multipart

    >>> list(parts("multipart/form-data; boundary=b", b"--b\r\nContent-Type: text/turtle\r\n\r\n<a>\r\n--b--\r\n"))
    [('text/turtle', b'<a>')]
    """
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart() or message.defects:
        raise RequestError(
            Message(ko="multipart 본문을 나눌 수 없습니다.", en="The multipart body cannot be taken apart."),
            cure=Message(ko="boundary를 확인해 주십시오.", en="Check the boundary."),
        )
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        yield str(part.get("Content-Type", "")), content if isinstance(content, bytes) else b""
