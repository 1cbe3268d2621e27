"""SPARQL as its specification has it, above an engine that differs in places."""
