"""The languages of the project: their catalogues, and how each writes dates, numbers, lists and names."""

from kg.locales.catalogue import read_catalogue
from kg.locales.edtf import as_datetime, in_words
from kg.locales.labels import Label
from kg.locales.language import LANGUAGES, Language
from kg.locales.particles import Word, ends_in_consonant

__all__ = [
    "LANGUAGES",
    "Label",
    "Language",
    "Word",
    "as_datetime",
    "ends_in_consonant",
    "in_words",
    "read_catalogue",
]
