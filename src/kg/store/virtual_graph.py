"""A graph that stands in no store, such as the history: only a query that names it sees it."""

from __future__ import annotations


class VirtualGraphNeeded(Exception):  # noqa: N818 - nothing is wrong: whoever asked must ask again with the graph
    """Say that a query names the graph that stands apart, and that it was not sent."""
