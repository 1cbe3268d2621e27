"""The ``using-graph-uri`` parameters of an update (SPARQL 1.1 Protocol, section 2.2.3)."""

from __future__ import annotations

from kg.domain import RequestError
from kg.locales import Message
from kg.store.changes import Change


def using_graphs(change: Change) -> list[tuple[bool, str]]:
    """Return the USING clauses of the request as pairs: whether the graph is NAMED, and its name as a SPARQL term.

    :raises RequestError: the update has USING or WITH, too
    """
    if change.dataset is None:
        return []
    if change.parsed.has("USING") or change.parsed.has("WITH"):
        raise RequestError(
            Message("query.two_datasets"),
            cure=Message("query.two_datasets_cure"),
        )
    default = [(False, f"<{iri}>") for iri in change.dataset.default_graphs]
    return default + [(True, f"<{iri}>") for iri in change.dataset.named_graphs]
