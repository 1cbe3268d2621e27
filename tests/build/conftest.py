"""A checkout of its own for tests that change the source pages."""

from pathlib import Path

import pytest


@pytest.fixture
def source(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the path of the only page of a checkout, which the settings name; it is not written yet."""
    checkout = tmp_path / "checkout"
    (checkout / "data" / "sources").mkdir(parents=True)
    for name in ("ontology", "shapes", "data/identifiers.json", "data/editorial-notes.json"):
        (checkout / name).symlink_to(home / name)
    for name in ("KG_HOST", "KG_PORT", "KG_BASE_IRI", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("KG_HOME", str(checkout))
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    return checkout / "data" / "sources" / "page.txt"
