"""Thin Flask blueprints, and the HTTP rules they share."""
