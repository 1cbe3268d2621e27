"""The prefixes of every document of ours."""

from __future__ import annotations

from rdflib import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD
from rdflib.namespace import VOID

from kg.domain import GEO, GEONAMES, WIKIDATA, Iris


def prefixes(iris: Iris) -> dict[str, str]:
    """Return the prefixes of every document of ours, by name."""
    others = {
        "dcat": DCAT, "dcterms": DCTERMS, "geo": GEO, "gn": GEONAMES, "owl": OWL, "prov": PROV, "rdf": RDF,
        "rdfs": RDFS,
        "skos": SKOS, "void": VOID, "wd": WIKIDATA, "xsd": XSD,
    }  # fmt: skip
    return {"kg": iris.ontology, **{name: str(namespace) for name, namespace in others.items()}}
