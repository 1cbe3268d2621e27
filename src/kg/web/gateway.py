"""The gateway from a complete HTTP request to a WSGI application and back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from kg.web.http.response_cache import CachedResponse

CANCELLATION = "kg.cancellation"
"""Where the application finds what tells it that the client is gone."""
REFUSAL = "kg.refusal"
"""Where the application finds an error that is to be its answer, or None."""

_PIECE = 256 * 1024

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Request:
    """A request, with its body read; ``fields`` are in small letters, repeated ones joined.

    ``prefix`` is the path under which a proxy shows the site; it is no part of ``path``.
    """

    method: str
    path: str
    query_string: str
    scheme: str
    client: str
    fields: Mapping[str, str]
    body: bytes = b""
    prefix: str = ""
    extras: Mapping[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of bytes to parse."""
        fields = sum(map(len, self.fields)) + sum(map(len, self.fields.values()))
        return len(self.path) + len(self.query_string) + len(self.body) + fields


class OpenFile:
    """A file to be streamed (PEP 3333, ``wsgi.file_wrapper``)."""

    def __init__(self, file: BinaryIO, _size: int = 0) -> None:
        """Take an open file."""
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        """Yield its content."""
        return iter(partial(self.file.read, _PIECE), b"")


def answered(application: WsgiApplication, request: Request) -> CachedResponse:
    """Call the WSGI application, and return its complete response."""
    heard: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, fields: list[tuple[str, str]], _exc_info: object = None) -> None:
        heard.append((status, fields))

    chunks = application(environment(request), start_response)
    if isinstance(chunks, OpenFile):
        status, fields = heard[-1]
        return CachedResponse(int(status[:3]), _lowered(fields), b"", "", chunks.file)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    status, fields = heard[-1]
    lowered = _lowered(fields)
    return CachedResponse(int(status[:3]), lowered, body, dict(lowered).get("etag", ""))


def _lowered(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in fields if name.lower() != "date"]


def environment(request: Request) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333)."""
    host, _, port = request.fields.get("host", "localhost").partition(":")
    fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.fields.items()}
    return {
        **fields,
        **request.extras,
        "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": request.fields.get("content-type", ""),
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query_string.encode("utf-8", "surrogateescape").decode("latin-1"),
        "REMOTE_ADDR": request.client.rpartition(":")[0],
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": unquote_to_bytes(request.prefix).decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port or {"https": "443"}.get(request.scheme, "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": OpenFile,
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": request.scheme,
        "wsgi.version": (1, 0),
    }
