"""Whether a text parses, found out without carrying it out on anything."""

from __future__ import annotations

import contextlib
from typing import Literal

import pyoxigraph

from kg.store.syntax import syntax_error


def refuse_malformed(text: str, base_iri: str, kind: Literal["query", "update"]) -> None:
    """Raise for a text that does not parse; try it on an empty store, where what it does comes to nothing.

    :raises QuerySyntaxError: the text does not parse

    >>> refuse_malformed("CLEAR ALL ; LOAD <urn:x>", "http://a/", "update")
    """
    store = pyoxigraph.Store()
    carry_out = store.query if kind == "query" else store.update
    try:
        with contextlib.suppress(RuntimeError, OSError, ValueError):
            carry_out(text, base_iri=base_iri)
    except SyntaxError as error:
        raise syntax_error(text, str(error), kind) from error


def is_absolute_iri(text: str) -> bool:
    """Tell whether the engine takes a text as an IRI (RFC 3987).

    >>> [is_absolute_iri(text) for text in ("http://a/그래프", "relative", "http://a/]", "http://a:b/")]
    [True, False, False, False]
    """
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True
