"""The files of the ontology, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

ONTOLOGY = Path(__file__).parents[2] / "ontology"


@pytest.fixture(scope="session")
def kg_graph() -> Graph:
    """Read the definitions of our own terms."""
    return Graph().parse(ONTOLOGY / "kg.ttl")


@pytest.fixture(scope="session")
def alignments_graph() -> Graph:
    """Read what our terms mean in the words of others."""
    return Graph().parse(ONTOLOGY / "alignments.ttl")


@pytest.fixture(scope="session")
def schemes() -> dict[str, Graph]:
    """Read the SKOS schemes, by notation."""
    return {path.stem: Graph().parse(path) for path in sorted((ONTOLOGY / "schemes").glob("*.ttl"))}
