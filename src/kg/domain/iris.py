"""Minting of IRIs; nothing else builds one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

QUERIED_GRAPHS = ("page", "elsewhere", "provenance", "vocabulary", "catalog")
"""The named graphs that a query which names no dataset sees, merged with the store's own default graph."""


@dataclass(frozen=True)
class Iris:
    """Mints every IRI of the dataset under one base (an http(s) IRI that ends with a slash)."""

    base: str

    def resource(self, kind: str, slug: str) -> str:
        """Return the IRI of a thing.

        >>> Iris("https://kg.seocho.example/").resource("municipality", "hongkou")
        'https://kg.seocho.example/id/municipality/hongkou'
        """
        return f"{self.base}id/{kind}/{slug}"

    def concept(self, scheme: str, notation: str) -> str:
        """Return the IRI of a SKOS concept; its scheme is ``resource("scheme", scheme)``."""
        return self.resource(scheme, notation)

    def graph(self, name: str) -> str:
        """Return the name of a named graph; the Graph Store Protocol serves it at this very address."""
        return f"{self.base}graphs/{name}"

    def document(self, path: str) -> str:
        """Return the IRI of a document of the site, such as ``ontology`` or ``downloads/kg.ttl``."""
        return f"{self.base}{path}"

    @property
    def ontology(self) -> str:
        """The namespace of our own terms."""
        return f"{self.base}ontology#"

    def queried_graphs(self) -> tuple[str, ...]:
        """Return the names of the graphs that make up the default dataset of a query."""
        return tuple(self.graph(name) for name in QUERIED_GRAPHS)


def slug(text: str) -> str:
    """Return the text as one IRI segment: letters and digits of any script, the rest as single hyphens.

    >>> slug("교토부 교토시")
    '교토부-교토시'
    """
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", text)).strip("-").lower()
