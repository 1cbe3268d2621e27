"""The message catalogues: one file per language, by area and key, plural forms by the categories of CLDR."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Pattern = str | Mapping[str, str]
"""The text of a message, or its plural forms by category (``one``, ``other``)."""


@cache
def read_catalogue(code: str) -> Mapping[str, Pattern]:
    """Read every message of a language (``ko``, ``en``, ``zh``) by area and key (``store.version_missing``)."""
    areas: Mapping[str, Mapping[str, Pattern]] = json.loads(files("kg.locales").joinpath(f"{code}.json").read_bytes())
    return {f"{area}.{key}": pattern for area, patterns in areas.items() for key, pattern in patterns.items()}
