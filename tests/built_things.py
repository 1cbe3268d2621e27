"""The things of a store, listed by class for tests that look at one page of each."""

from pathlib import Path

import pyoxigraph

from kg.settings import DEFAULT_BASE_IRI
from kg.store.versions import Store

THINGS = f"{DEFAULT_BASE_IRI}id/"


def things_by_class(store: Path, base_iri: str = DEFAULT_BASE_IRI) -> dict[str, list[str]]:
    """List what has an IRI under ``/id/`` in the current version, in order, by the IRIs of its classes."""
    version = Store(store).current()
    assert version
    query = f"SELECT DISTINCT ?class ?it {{ ?it a ?class FILTER(STRSTARTS(STR(?it), '{base_iri}id/')) }}"
    rows = pyoxigraph.Store.read_only(str(version.oxigraph)).query(query, use_default_graph_as_union=True)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    things: dict[str, list[str]] = {}
    for row in rows:
        things.setdefault(row["class"].value, []).append(row["it"].value)
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
