"""The Python API: a graph from anywhere, queried for rows and data frames."""

from kg.api.graph import FriendshipCity, KnowledgeGraph, Rows, open_graph

__all__ = [
    "FriendshipCity",
    "KnowledgeGraph",
    "Rows",
    "open_graph",
]
