"""Complete responses: length, digest, validators and content coding; no Flask."""

from __future__ import annotations

import gzip
import hashlib
import re
from binascii import b2a_base64
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache

import brotli  # type: ignore[import-untyped]  # it has no types
import zstandard

from kg.store import Version
from kg.web.http.negotiation import choose_encoding
from kg.web.http.response_cache import CachedResponse

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


_STATE = 24
_VARIANT = 12
_BYTES = 16
"""Hexadecimal digits of the parts of an entity tag."""
_TAG = re.compile(rf'"([0-9a-f]{{{_STATE}}})([0-9a-f]{{{_VARIANT}}})-[0-9a-f]{{{_BYTES}}}"')


class Validators:
    """The validators of an answer (RFC 9110, section 8.8).

    An entity tag names the state of what was asked for (the same in every format), the variant (the format), and the
    bytes: an evaluation may order the same triples otherwise the next time.
    """

    def __init__(self, version: Version, key: str, variant: str = "") -> None:
        """Take the version, and what else the state and the variant of the response depend on."""
        self.version = version
        self.state = _digest(f"{version.identity}\n{key}", _STATE)
        self._variant = _variant(variant)

    def etag(self, sha256: bytes) -> str:
        """Return the strong entity tag, with its quotes, for a body with this digest."""
        return f'"{self.state}{self._variant}-{sha256.hex()[:_BYTES]}"'

    def fields(self, etag: str) -> list[tuple[str, str]]:
        """Return the header fields for caching and revalidation."""
        return [
            ("cache-control", "public, no-cache"),
            ("etag", etag),
            ("last-modified", _http_date(self.version.modified)),
            (VERSION_FIELD, str(self.version.number)),
        ]

    def matched(self, if_none_match: str) -> CachedResponse | None:
        """Return a 304 if the client's copy has this state and variant, before any work is done."""
        for match in _TAG.finditer(if_none_match):
            if match[1] == self.state and match[2] == self._variant:
                return CachedResponse(304, [("vary", VARY), *self.fields(match[0])], b"", match[0])
        return None


def states_named(header: str) -> set[str]:
    """Return the states that the strong entity tags of an ``If-Match`` or ``If-None-Match`` header name."""
    return {match[1] for match in _TAG.finditer(header) if not header[: match.start()].endswith("W/")}


@lru_cache(maxsize=64)
def _variant(text: str) -> str:
    return _digest(text, _VARIANT)


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


@lru_cache(maxsize=64)
def _http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def complete(
    body: bytes, content_type: str, validators: Validators | None, accept_encoding: str | None
) -> CachedResponse:
    """Return a complete response; without validators it is ``no-store``."""
    encoding = choose_encoding(accept_encoding, _OFFERED) if len(body) >= SMALLEST_TO_ENCODE else "identity"
    encoded = ENCODINGS[encoding](body) if encoding in ENCODINGS else body
    sha256 = hashlib.sha256(encoded).digest()
    etag = validators.etag(sha256) if validators else ""
    fields = [
        ("content-type", content_type),
        ("content-length", str(len(encoded))),
        ("repr-digest", f"sha-256=:{b2a_base64(sha256, newline=False).decode()}:"),
        ("vary", VARY),
    ]
    if encoding != "identity":
        fields.append(("content-encoding", encoding))
    fields += validators.fields(etag) if validators else [("cache-control", "no-store")]
    return CachedResponse(200, fields, encoded, etag)
