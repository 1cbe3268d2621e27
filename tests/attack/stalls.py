"""Requests that are slow to parse where parsing is not linear, and a watch on how long ``/healthz`` waits meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from attack.running import Running, Sent
from conformance.live_server import LOOPBACK

FIELD_BYTES = 15_000
"""Below the bound, so that the fields are parsed."""
LARGE = 31 * 2**20
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_QUERY = {"Content-Type": "application/sparql-query"}
_PAUSE_SECONDS = 0.005
_PATIENCE_SECONDS = 60

FIELDS = (
    *("Accept", "Accept-Charset", "Accept-Datetime", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie"),
    *(
        "Content-Type",
        "Content-Encoding",
        "Host",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "Origin",
    ),
    *("Range", "Sec-Fetch-Site", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Request-Id"),
    *("Access-Control-Request-Headers", "Forwarded"),
)
FRAGMENTS = (
    *(
        ";",
        ",",
        " ",
        '"',
        "\\",
        '"\\',
        "/",
        "=",
        "a",
        "%41",
        "(",
        ";q=0.1,",
        ';a="b",',
        "a/b;",
        ' ;charset="',
        ";version=",
    ),
    *("bytes=0-1,", "1-2,", '"x", ', 'W/"', "Basic ", "::", "1.2.3.4, ", "http://[", "*/*,", "\xff", "a-b,"),
)
HEADS = tuple(
    Sent("POST" if name == "Content-Type" else "GET", "/sparql?query=ASK%7B%7D", {name: start + fragment * count})
    for name in FIELDS
    for fragment in FRAGMENTS
    for start in ("", "text/turtle;")
    for count in (FIELD_BYTES // len(fragment),)
)
"""Each field with each fragment, repeated."""
ADDRESSES = tuple(
    Sent("GET", f"{path}{fragment * (60_000 // len(fragment))}")
    for path in ("/", "/page/", "/graphs/", "/sparql?query=", "/sparql?", "/cities?city=")
    for fragment in ("/", "%2F", "..", "%", "&", "=", "+", "%C3%A9", "a.b/", "//", "%25", ";", "[")
)
BODIES = {
    "percent-encoded": Sent("POST", fields=_FORM, body=b"query=" + b"%41" * (LARGE // 3)),
    "halves of escapes": Sent("POST", fields=_FORM, body=b"query=" + b"%4" * (LARGE // 2)),
    "bare percent signs": Sent("POST", fields=_FORM, body=b"query=" + b"%" * LARGE),
    "parameters": Sent("POST", fields=_FORM, body=b"&a" * (LARGE // 2)),
    "equals signs": Sent("POST", fields=_FORM, body=b"=" * LARGE),
    "spaces": Sent("POST", fields=_FORM, body=b"query=" + b"+" * LARGE),
    "comments": Sent("POST", fields=_QUERY, body=b"ASK {" + b"#\n" * (LARGE // 2) + b"}"),
    "brackets": Sent("POST", fields=_QUERY, body=b"ASK " + b"{" * LARGE),
    "quotes": Sent("POST", fields=_QUERY, body=b'"' * LARGE),
    "no UTF-8": Sent("POST", fields=_QUERY, body=b"\xff" * LARGE),
}


@dataclass
class Watch:
    """How long each answer of ``/healthz`` took (seconds); one that was lost took for ever."""

    waits: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        """The longest wait."""
        return max(self.waits, default=float("inf"))


@contextmanager
def watching(server: Running) -> Iterator[Watch]:
    """Ask for ``/healthz`` over and over during a block."""
    watch, over = Watch(), threading.Event()

    def ask() -> None:
        while not over.is_set():
            began = time.monotonic()
            connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=_PATIENCE_SECONDS)
            try:
                connection.request("GET", "/healthz")
                is_well = connection.getresponse().read() == b"ok\n"
            except OSError:
                is_well = False
            finally:
                connection.close()
            watch.waits.append(time.monotonic() - began if is_well else float("inf"))
            time.sleep(_PAUSE_SECONDS)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
