"""The shapes graph."""

from __future__ import annotations

from pathlib import Path

from kg.domain import Iris
from kg.rdf import Graph, parse_turtle, relocated_text, union


def shape_paths(home: Path) -> tuple[Path, ...]:
    """Return the files of the shapes."""
    return tuple(sorted((home / "shapes").glob("*.ttl")))


def shapes_graph(home: Path, iris: Iris) -> Graph:
    """Return the shapes graph under a base IRI."""
    return union(parse_turtle(relocated_text(path.read_text("utf-8"), iris)) for path in shape_paths(home))
