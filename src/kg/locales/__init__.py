"""The languages of the project: their catalogues, and how each writes dates, numbers, lists and names."""

from kg.locales.catalogue import read_catalogue
from kg.locales.edtf import as_datetime, in_words
from kg.locales.labels import Label
from kg.locales.language import LANGUAGES, Language, language_of
from kg.locales.messages import Message, Text, Translatable, from_json, to_json
from kg.locales.particles import ends_in_consonant

__all__ = [
    "LANGUAGES",
    "Label",
    "Language",
    "Message",
    "Text",
    "Translatable",
    "as_datetime",
    "ends_in_consonant",
    "from_json",
    "in_words",
    "language_of",
    "read_catalogue",
    "to_json",
]
