"""What programs use: SPARQL, Graph Store, linked data, downloads, operations."""
