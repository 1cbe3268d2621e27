"""The shapes and the vocabulary, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

ROOT = Path(__file__).parents[2]
FORCES = ("must", "should", "catalog", "ontology")


@pytest.fixture(scope="session")
def force_graphs() -> dict[str, Graph]:
    """Read each file of shapes."""
    return {force: Graph().parse(ROOT / "shapes" / f"{force}.ttl") for force in FORCES}


@pytest.fixture(scope="session")
def shapes_graph(force_graphs: dict[str, Graph]) -> Graph:
    """Join the shapes of all forces."""
    graph = Graph()
    for force_graph in force_graphs.values():
        graph += force_graph
    return graph


@pytest.fixture(scope="session")
def vocabulary_graph() -> Graph:
    """Join the ontology and the concept schemes."""
    graph = Graph().parse(ROOT / "ontology" / "kg.ttl")
    for path in sorted((ROOT / "ontology" / "schemes").glob("*.ttl")):
        graph.parse(path)
    return graph
