"""The model as RDF and back: mapping, naming, serialization, formats."""
