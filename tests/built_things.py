"""The things of a store, listed by class for tests that look at one page of each."""

from pathlib import Path

from kg.domain import DEFAULT_BASE_IRI
from kg.rdf import read_quad
from kg.store import Store

THINGS = f"{DEFAULT_BASE_IRI}id/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def things_by_class(store: Path, base_iri: str = DEFAULT_BASE_IRI) -> dict[str, list[str]]:
    """List what has an IRI under ``/id/`` in the current version, in order, by the IRIs of its classes."""
    things: dict[str, set[str]] = {}
    for quad in map(read_quad, Store(store).require_current().content().quads):
        if quad.predicate == _TYPE and quad.subject.startswith(f"<{base_iri}id/"):
            things.setdefault(quad.object.strip("<>"), set()).add(quad.subject.strip("<>"))
    return {name: sorted(iris) for name, iris in sorted(things.items())}


def name_of(iri: str) -> str:
    """Return what tells a thing from others: its kind and slug.

    >>> name_of("https://kg.seocho.example/id/municipality/hongkou")
    'municipality/hongkou'
    """
    return iri.partition("/id/")[2]


def path_of(iri: str) -> str:
    """Return where the page of a thing is."""
    return f"/page/{name_of(iri)}"
