"""The ``using-graph-uri`` parameters of an update (SPARQL 1.1 Protocol, section 2.2.3)."""

from __future__ import annotations

from kg.domain import Message, RequestError
from kg.store.changes import Change


def using_graphs(change: Change) -> list[tuple[bool, str]]:
    """Return the USING clauses of the request as pairs: whether the graph is NAMED, and its name as a SPARQL term.

    :raises RequestError: the update has USING or WITH, too
    """
    if change.dataset is None:
        return []
    if change.parsed.has("USING") or change.parsed.has("WITH"):
        raise RequestError(
            Message(
                ko="using-graph-uri와 USING·WITH는 함께 쓸 수 없습니다.",
                en="The request names a dataset, and the update does too with USING or WITH.",
            ),
            cure=Message(ko="둘 가운데 하나만 쓰십시오.", en="Keep one of the two."),
        )
    default = [(False, f"<{iri}>") for iri in change.dataset.default_graphs]
    return default + [(True, f"<{iri}>") for iri in change.dataset.named_graphs]
