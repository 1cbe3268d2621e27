"""Named SPARQL queries of the pages, and their results as facts."""
