"""Complete answers: length, digest, validators, content coding and conditional requests in one place."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # it has no types
import zstandard
from flask import Response, request

from kg.store.forms import content_type
from kg.store.versions import Version
from kg.web.negotiation import choose_encoding

SMALLEST_TO_ENCODE = 1024
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.compress(body, 6),
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The content codings, ours first: what packs well in little time."""


@dataclass(frozen=True)
class Validators:
    """What tells whether a client's copy is still good: the version, and what else the answer depends on."""

    version: Version
    key: str

    def etag(self, encoding: str) -> str:
        """Return the strong entity tag of the answer in a content coding, without the quotes."""
        digest = hashlib.sha256(f"{self.version.identity}\n{self.key}".encode()).hexdigest()[:32]
        return digest if encoding == "identity" else f"{digest}-{encoding}"


def encoding_asked() -> str:
    """Return the content coding that the client prefers among ours."""
    return choose_encoding(request.headers.get("Accept-Encoding"), tuple(ENCODINGS))


def unchanged(validators: Validators) -> Response | None:
    """Return 304 when the client's copy is still good, before any work is done."""
    etag = next((e for e in ("identity", *ENCODINGS) if validators.etag(e) in request.if_none_match), None)
    if etag is None:
        return None
    response = Response(status=304)
    _validate(response, validators, etag)
    del response.headers["Content-Type"]
    return response


def answer(body: bytes, media_type: str, validators: Validators | None, *, status: int = 200) -> Response:
    """Return a complete answer; without validators it is one that no cache may keep."""
    encoding = encoding_asked() if len(body) >= SMALLEST_TO_ENCODE else "identity"
    encoded = ENCODINGS[encoding](body) if encoding in ENCODINGS else body
    response = Response(encoded, status=status, content_type=content_type(media_type))
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(hashlib.sha256(encoded).digest()).decode()}:"
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    _validate(response, validators, encoding)
    if validators:
        response.make_conditional(request)
    return response


def _validate(response: Response, validators: Validators | None, encoding: str) -> None:
    response.headers["Vary"] = "Accept, Accept-Encoding"
    if validators is None:
        response.headers["Cache-Control"] = "no-store"
        return
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(validators.etag(encoding))
    response.last_modified = validators.version.modified  # type: ignore[assignment]  # werkzeug takes seconds too
