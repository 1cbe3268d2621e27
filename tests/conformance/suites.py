"""Finds the W3C suites: in ``TEST_SHARED``, or in ``../shared`` beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def suites_root() -> Path | None:
    """Return the directory that holds the suites, or None where there is none."""
    shared = Path(os.environ.get("TEST_SHARED") or CHECKOUT.parent / "shared")
    root = shared / "w3c" / "sparql"
    return root if root.is_dir() else None
