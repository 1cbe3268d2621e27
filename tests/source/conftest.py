from pathlib import Path

import pytest

from kg.domain import Page
from kg.source import read_notes, read_page

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def owner_bytes() -> bytes:
    """Give the owner's page as it stands on disk."""
    return (DATA / "sources" / "seocho-china.txt").read_bytes()


@pytest.fixture(scope="session")
def owner_page(owner_bytes: bytes) -> Page:
    """Give the owner's page as read, with the editor's notes."""
    notes = read_notes((DATA / "editorial-notes.json").read_text("utf-8"))
    return read_page(owner_bytes.decode(), "seocho-china", notes)
