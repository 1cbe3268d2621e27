"""The document forms of JSON-LD that a client can ask for by ``profile`` (JSON-LD 1.1, Appendix C); no Flask."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

MEDIA_TYPE = "application/ld+json"

_NAMESPACE = "http://www.w3.org/ns/json-ld#"
_NAMED = re.compile(rf'; profile="{re.escape(_NAMESPACE)}(\w+)"\Z')
_LARGEST = 8 * 1024 * 1024
"""Bytes beyond which a document stays as the engine wrote it: to read one takes many times its size."""

_Json = Any


def with_profile(profile: str) -> str:
    """Return the media type with the first profile that is known here, without parameters where none is.

    >>> with_profile("http://a/ http://www.w3.org/ns/json-ld#compacted"), with_profile("http://a/")
    ('application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', 'application/ld+json')
    """
    names = (iri.removeprefix(_NAMESPACE) for iri in profile.split() if iri.startswith(_NAMESPACE))
    known = next((name for name in names if name in _FORMS), None)
    return f'{MEDIA_TYPE}; profile="{_NAMESPACE}{known}"' if known else MEDIA_TYPE


def in_profile(document: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a document that is written in expanded form as its media type has it, and the media type it then has."""
    named = _NAMED.search(media_type)
    if named is None or named[1] == "expanded":
        return document, media_type
    nodes = json.loads(document) if len(document) <= _LARGEST else None
    if not isinstance(nodes, list):
        return document, MEDIA_TYPE
    formed = _FORMS[named[1]](nodes)
    return json.dumps(formed, ensure_ascii=False, separators=(",", ":")).encode(), media_type


def _compacted(nodes: list[_Json]) -> _Json:
    """Compact a document with an empty context (JSON-LD 1.1 API, section 6): single values lose their arrays."""
    found = [_without_arrays(node) for node in nodes]
    return found[0] if len(found) == 1 else {"@graph": found} if found else {}


def _without_arrays(value: _Json) -> _Json:
    if isinstance(value, list):
        return _without_arrays(value[0]) if len(value) == 1 else [_without_arrays(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"@value"}:
        return value["@value"]
    if "@list" in value:
        return {**value, "@list": [_without_arrays(one) for one in value["@list"]]}
    return {key: _without_arrays(one) for key, one in value.items()}


def _flattened(nodes: list[_Json]) -> _Json:
    """Gather what is said of each node in one object (JSON-LD 1.1 API, section 7)."""
    gathered: dict[str, dict[str, list[_Json]]] = {}
    for node in nodes:
        properties = gathered.setdefault(node["@id"], {})
        for key, values in node.items():
            if key != "@id":
                kept = properties.setdefault(key, [])
                kept += [value for value in values if value not in kept]
    return [{"@id": name, **gathered[name]} for name in sorted(gathered)]


_FORMS: dict[str, Callable[[list[_Json]], _Json]] = {
    "expanded": list,
    "compacted": _compacted,
    "flattened": _flattened,
}
