"""The work: what a version holds → its files for download, the same bytes for the same version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import Message
from kg.graph.rdf_dataset import parse_quads
from kg.graph.reading import read_pages
from kg.graph.serialization import distributions
from kg.graph.tables import Labels, tables

NAMES = (
    "kg.ttl", "kg.nt", "kg.nq", "kg.trig", "kg.rdf", "kg.jsonld", "context.jsonld", "cities.csv", "exchanges.csv",
)  # fmt: skip


@dataclass(frozen=True)
class Files:
    """The files that could be made, by name, and why the others could not."""

    made: Mapping[str, bytes]
    refused: Mapping[str, Message]


def make_files(quads: bytes) -> Files:
    """Make the files for download from the sorted N-Quads of a version, whoever made it."""
    dataset = parse_quads(quads)
    files = dict(distributions(dataset))
    files |= tables(read_pages(dataset), Labels(dataset.graphs["vocabulary"], dataset.iris))
    return Files(files, {})
