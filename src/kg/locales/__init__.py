"""The languages of the pages: their catalogues, and how each writes dates, numbers, lists and names; no Flask."""

from kg.locales.catalogue import read_catalogue
from kg.locales.edtf import as_datetime, in_words
from kg.locales.labels import Label
from kg.locales.language import LANGUAGES, Language

__all__ = [
    "LANGUAGES",
    "Label",
    "Language",
    "as_datetime",
    "in_words",
    "read_catalogue",
]
