"""The endpoints for programs: SPARQL, Graph Store, linked data, downloads, operations."""
