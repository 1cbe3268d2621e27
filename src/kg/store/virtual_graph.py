"""The virtual graph, such as the history: it is not stored, and only queries that name it see it."""

from __future__ import annotations


class VirtualGraphNeeded(Exception):  # noqa: N818 - no error: the caller repeats the query with the graph
    """The query names the virtual graph, and the caller did not pass its quads."""
