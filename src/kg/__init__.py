"""The Chinese friendship cities of Seocho-gu as a knowledge graph; ``kg.open()`` is for programs and notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph

__all__ = ["open"]


def open(source: str | Path | None = None) -> KnowledgeGraph:  # noqa: A001 - read as kg.open
    """Open a graph to query it: a store, an RDF file or the address of a server; without one, the store of ``kg``.

    :raises KgError: there is no graph, or it cannot be read
    """
    from kg.api import open_graph  # noqa: PLC0415 - the command loads what it needs only

    return open_graph(source)
