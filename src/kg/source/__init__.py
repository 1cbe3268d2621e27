"""The source page: text ⇄ model; each value keeps its place (line, columns)."""

from kg.source.findings.rules import cure_key
from kg.source.notes import EditorialNote, read_notes
from kg.source.reader import read_page
from kg.source.sarif import sarif_log
from kg.source.writer import write_page

__all__ = [
    "EditorialNote",
    "cure_key",
    "read_notes",
    "read_page",
    "sarif_log",
    "write_page",
]
