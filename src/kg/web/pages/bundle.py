"""The files of the front-end build, as the manifest lists them: read once, compressed once, kept; no Flask."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

import brotli  # type: ignore[import-untyped]  # it has no types
import zstandard

from kg.rdf import content_type
from kg.web.http.negotiation import choose_encoding
from kg.web.http.response_cache import CachedResponse

_MEDIA_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
_SMALLEST: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=11),
    "zstd": lambda body: zstandard.compress(body, 19),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
_OFFERED = tuple(_SMALLEST)
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file, in every content coding that makes it smaller."""

    name: str
    content: bytes

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:32]

    @cached_property
    def _encoded(self) -> Mapping[str, bytes]:
        encoded = {coding: compress(self.content) for coding, compress in _SMALLEST.items()}
        return {coding: body for coding, body in encoded.items() if len(body) < len(self.content)}

    def answer(self, accept_encoding: str | None, if_none_match: str = "") -> CachedResponse:
        """Return the whole answer: a browser keeps it for good, for another content has another name."""
        coding = choose_encoding(accept_encoding, _OFFERED)
        body = self._encoded.get(coding, self.content)
        etag = f'"{self._digest}-{coding}"' if coding in self._encoded else f'"{self._digest}"'
        fields = [
            ("content-type", content_type(_MEDIA_TYPES.get(self.name.rpartition(".")[2], "application/octet-stream"))),
            ("content-length", str(len(body))),
            ("repr-digest", f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"),
            ("vary", "Accept-Encoding"),
            ("cache-control", _FOR_EVER),
            ("etag", etag),
        ]
        if coding in self._encoded:
            fields.append(("content-encoding", coding))
        answer = CachedResponse(200, fields, body, etag)
        return answer.not_modified() if answer.matches_etag(if_none_match) else answer


@dataclass(frozen=True)
class Bundle:
    """All files of the build: ``entries`` leads from the name of a source (``site.css``) to that of its file."""

    entries: Mapping[str, str] = field(default_factory=dict)
    assets: Mapping[str, Asset] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """What changes when any file does; empty where nothing was built."""
        return hashlib.sha256("\n".join(sorted(self.assets)).encode()).hexdigest()[:16] if self.assets else ""


def read_bundle(folder: Traversable | None = None) -> Bundle:
    """Read what the build wrote; an empty bundle where there is none."""
    folder = folder or files("kg").joinpath("web", "assets")
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return Bundle()
    listed = json.loads(manifest.read_text("utf-8"))
    assets = {name: Asset(name, (folder / name).read_bytes()) for name in listed["files"]}
    return Bundle(listed["entries"], assets)
