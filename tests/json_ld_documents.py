"""JSON-LD of ours for parsers that load no context."""

from kg.domain import DEFAULT_BASE_IRI, Iris
from kg.rdf import embed_context

CONTEXT_LINK = "http://localhost/downloads/context.jsonld"


def self_contained(document: bytes) -> bytes:
    """Put the published context in place of the link to it."""
    return embed_context(document, Iris(DEFAULT_BASE_IRI), CONTEXT_LINK)
