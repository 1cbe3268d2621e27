"""Common SPARQL and JSON-LD clients, at pinned versions, against a live server."""
