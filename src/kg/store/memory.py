"""A graph in the engine's memory, for those who validate it."""

from __future__ import annotations

import pyoxigraph


def in_memory(ntriples: bytes) -> pyoxigraph.Store:
    """Return a store that holds these triples in its default graph."""
    store = pyoxigraph.Store()
    store.bulk_load(ntriples, pyoxigraph.RdfFormat.N_TRIPLES)
    return store
