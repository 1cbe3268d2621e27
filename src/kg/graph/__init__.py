"""Pure RDF: model ⇄ triples, provenance, catalogue, serializations, shapes."""
