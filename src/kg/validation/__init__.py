"""Validation of changes against the shapes, before they are committed."""

from kg.validation.shapes import shape_paths, shapes_graph
from kg.validation.validator import Validator

__all__ = ["Validator", "shape_paths", "shapes_graph"]
