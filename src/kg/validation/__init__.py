"""Validation of changes against the shapes, before they are committed.

``kg.validation.validator`` is imported by who validates: it imports pySHACL, which takes 0.1 s.
"""

from kg.validation.shapes import shape_paths, shapes_graph

__all__ = ["shape_paths", "shapes_graph"]
