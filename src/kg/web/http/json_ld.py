"""The document forms of JSON-LD that a client can ask for by ``profile`` (JSON-LD 1.1, Appendix C); no Flask."""

from __future__ import annotations

import re

from kg.domain import Iris
from kg.rdf import CONTEXT, JSON_LD, PROFILES, in_profile

_NAMESPACE = "http://www.w3.org/ns/json-ld#"
_NAMED = re.compile(rf'; profile="{re.escape(_NAMESPACE)}(\w+)"\Z')


def with_profile(profile: str) -> str:
    """Return the media type with the first profile that is known here, without parameters where none is.

    >>> with_profile("http://a/ http://www.w3.org/ns/json-ld#compacted"), with_profile("http://a/")
    ('application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', 'application/ld+json')
    """
    names = (iri.removeprefix(_NAMESPACE) for iri in profile.split() if iri.startswith(_NAMESPACE))
    known = next((name for name in names if name in PROFILES), None)
    return _media_type(known) if known else JSON_LD.media_type


def context_address(root: str) -> str:
    """Return where the context is reached."""
    return f"{root}downloads/{CONTEXT}"


def formed(document: bytes, media_type: str, iris: Iris, root: str, first: str = "") -> tuple[bytes, str, str]:
    """Return an expanded document in the form of its media type, that media type, and the link to its context.

    It begins with the node ``first``. An expanded or flattened document has no context.
    """
    named = _NAMED.search(media_type)
    asked = named[1] if named else PROFILES[0]
    address = context_address(root)
    written, form = in_profile(document, asked, iris, address, first)
    has_context = form in ("compacted", "framed")
    link = f'<{address}>; rel="{_NAMESPACE}context"; type="{JSON_LD.media_type}"' if has_context else ""
    return written, media_type if form == asked else _media_type(form), link


def _media_type(profile: str) -> str:
    return f'{JSON_LD.media_type}; profile="{_NAMESPACE}{profile}"'
