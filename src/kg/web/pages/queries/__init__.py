"""What the pages read: named SPARQL queries on one version, and their answers as facts."""
