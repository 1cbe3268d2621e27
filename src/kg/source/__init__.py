"""The source page: text ⇄ model; each value keeps its place (line, columns)."""

from kg.source.notes import EditorialNote, read_notes
from kg.source.reader import read_page
from kg.source.sarif import sarif_log
from kg.source.writer import write_page

__all__ = [
    "EditorialNote",
    "read_notes",
    "read_page",
    "sarif_log",
    "write_page",
]
