"""Rules that find errors and ambiguities in a parsed page."""
