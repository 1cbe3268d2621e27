"""SHACL validation: of a graph, and incrementally of a changeset.

What needs pySHACL, which takes 0.3 s to import, is imported when it is first asked for: a server starts without.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from kg.validation.causes import Cause, causes
from kg.validation.shapes import shape_paths, shapes_graph

if TYPE_CHECKING:
    from kg.validation.validation import Report, validate, validate_union
    from kg.validation.validator import Validator

__all__ = [
    "Cause",
    "Report",
    "Validator",
    "causes",
    "shape_paths",
    "shapes_graph",
    "validate",
    "validate_union",
]

_WITH_PYSHACL = {
    "Report": "kg.validation.validation",
    "validate": "kg.validation.validation",
    "validate_union": "kg.validation.validation",
    "Validator": "kg.validation.validator",
}


def __getattr__(name: str) -> object:
    """Import lazily the modules that import pySHACL."""
    if name in _WITH_PYSHACL:
        return getattr(import_module(_WITH_PYSHACL[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
