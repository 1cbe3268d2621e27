"""Complete answers: length, digest, validators and content coding in one place; no Flask."""

from __future__ import annotations

import gzip
import hashlib
from binascii import b2a_base64
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache

import brotli  # type: ignore[import-untyped]  # it has no types
import zstandard

from kg.store.forms import content_type
from kg.store.versions import Version
from kg.web.hot import HotAnswer
from kg.web.negotiation import choose_encoding

SMALLEST_TO_ENCODE = 1024
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.compress(body, 6),
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The content codings, ours first: what packs well in little time."""
_OFFERED = tuple(ENCODINGS)
VARY = "Accept, Accept-Encoding, Accept-Datetime"
VERSION_FIELD = "kg-version"
"""The header field that names the version an answer comes from."""


class Validators:
    """What tells whether a client's copy is still good."""

    def __init__(self, version: Version, key: str) -> None:
        """Take the version, and what else the answer depends on."""
        self.version = version
        self._digest = hashlib.sha256(f"{version.identity}\n{key}".encode()).hexdigest()[:32]

    def etag(self, encoding: str) -> str:
        """Return the strong entity tag, with its quotes, of the answer in a content coding."""
        return f'"{self._digest}"' if encoding == "identity" else f'"{self._digest}-{encoding}"'

    def fields(self, encoding: str) -> list[tuple[str, str]]:
        """Return the header fields that let a client keep the answer and ask again whether it is still good."""
        return [
            ("cache-control", "public, no-cache"),
            ("etag", self.etag(encoding)),
            ("last-modified", _http_date(self.version.modified)),
            (VERSION_FIELD, str(self.version.number)),
        ]

    def matched(self, if_none_match: str) -> HotAnswer | None:
        """Return 304 when the client's copy is still good, before any work is done."""
        if not if_none_match:
            return None
        for encoding in ("identity", *ENCODINGS):
            etag = self.etag(encoding)
            if etag in if_none_match or if_none_match.strip() == "*":
                return HotAnswer(304, [("vary", VARY), *self.fields(encoding)], b"", etag)
        return None


@lru_cache(maxsize=64)
def _http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def complete(body: bytes, media_type: str, validators: Validators | None, accept_encoding: str | None) -> HotAnswer:
    """Return a complete answer; without validators it is one that no cache may keep."""
    encoding = choose_encoding(accept_encoding, _OFFERED) if len(body) >= SMALLEST_TO_ENCODE else "identity"
    encoded = ENCODINGS[encoding](body) if encoding in ENCODINGS else body
    digest = b2a_base64(hashlib.sha256(encoded).digest(), newline=False).decode()
    fields = [
        ("content-type", content_type(media_type)),
        ("content-length", str(len(encoded))),
        ("repr-digest", f"sha-256=:{digest}:"),
        ("vary", VARY),
    ]
    if encoding != "identity":
        fields.append(("content-encoding", encoding))
    fields += validators.fields(encoding) if validators else [("cache-control", "no-store")]
    return HotAnswer(200, fields, encoded, validators.etag(encoding) if validators else "")
