"""Validation of IRIs."""

from __future__ import annotations

import pyoxigraph


def is_absolute_iri(text: str) -> bool:
    """Return whether the engine accepts a text as an absolute IRI (RFC 3987).

    >>> [is_absolute_iri(text) for text in ("http://a/그래프", "relative", "http://a/]", "http://a:b/")]
    [True, False, False, False]
    """
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True
