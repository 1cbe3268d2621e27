"""The message catalogues: ``{ko,en,zh}/*.json``, flat keys, plural forms by the categories of CLDR."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Message = str | Mapping[str, str]
"""A message, or its plural forms by category (``one``, ``other``)."""


@cache
def read_catalogue(code: str) -> Mapping[str, Message]:
    """Read every message of a language (``ko``, ``en``, ``zh``).

    :raises ValueError: two files have the same key
    """
    messages: dict[str, Message] = {}
    folder = files("kg.locales").joinpath(code)
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        read: dict[str, Message] = json.loads(file.read_text("utf-8"))
        twice = messages.keys() & read.keys()
        if twice:
            raise ValueError(f"{code}/{file.name}: {', '.join(sorted(twice))} is in another file too")
        messages |= read
    return messages
