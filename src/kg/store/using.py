"""The dataset of an update that the request names (SPARQL 1.1 Protocol, section 2.2.3)."""

from __future__ import annotations

from kg.domain import RequestError
from kg.locales import Message
from kg.store.changes import Change


def using_of(change: Change) -> list[tuple[bool, str]]:
    """Return the graphs that the request names: whether a graph is named, and its name as SPARQL text.

    :raises RequestError: the update names a dataset of its own
    """
    if change.dataset is None:
        return []
    if change.reading.has("USING") or change.reading.has("WITH"):
        raise RequestError(
            Message("query.two_datasets"),
            cure=Message("query.two_datasets_cure"),
        )
    default = [(False, f"<{iri}>") for iri in change.dataset.default_graphs]
    return default + [(True, f"<{iri}>") for iri in change.dataset.named_graphs]
