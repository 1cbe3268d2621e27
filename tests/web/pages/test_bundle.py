import gzip
import json
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
import zstandard
from flask.testing import FlaskClient

from kg.domain import Settings
from kg.store import Store
from kg.web import read_bundle
from kg.web.app import create_app
from kg.web.pages.bundle import Bundle

STYLE = b"body { color: red }\n" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder as the front-end build leaves it."""
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "site-ABC.css").write_bytes(STYLE)
    (folder / "tiny-DEF.js").write_bytes(b"1")
    (folder / "left-over.css").write_bytes(b"")
    entries = {"site.css": "site-ABC.css", "tiny.js": "tiny-DEF.js"}
    (folder / "manifest.json").write_text(json.dumps({"entries": entries, "files": list(entries.values())}), "utf-8")
    return folder


@pytest.fixture
def styled(settings: Settings, store: Store, folder: Path) -> FlaskClient:  # noqa: ARG001 - the store is published first
    """Open a client of an application that has styles."""
    return create_app(settings, bundle=read_bundle(folder)).test_client()


@pytest.mark.parametrize(("coding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress),
    ("zstd", lambda body: zstandard.ZstdDecompressor().decompress(body)), ("identity", bytes)])  # fmt: skip
def test_a_built_file_is_kept_for_good(styled: FlaskClient, coding: str, decode: object) -> None:
    """In the coding that the client prefers, immutable, typed, not to be guessed at."""
    answer = styled.get("/assets/site-ABC.css", headers={"Accept-Encoding": coding})
    assert callable(decode)
    assert decode(answer.data) == STYLE
    assert answer.headers.get("Content-Encoding", "identity") == coding
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = styled.get(
        "/assets/site-ABC.css", headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_what_no_coding_makes_smaller_is_sent_as_it_is(styled: FlaskClient) -> None:
    """One byte is not compressed to twenty."""
    answer = styled.get("/assets/tiny-DEF.js", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.data, answer.headers.get("Content-Encoding")) == (b"1", None)


@pytest.mark.parametrize("name", ["left-over.css", "manifest.json", "..%2fbundle.py", "none.css"])
def test_only_what_the_manifest_lists_is_served(styled: FlaskClient, name: str) -> None:
    """Nothing else that lies in the folder, or beside it."""
    assert styled.get(f"/assets/{name}").status_code == 404


def test_pages_name_the_files_by_their_content(styled: FlaskClient) -> None:
    """The address of a style is that of the manifest."""
    assert '<link rel="stylesheet" href="/assets/site-ABC.css">' in styled.get("/").text


def test_pages_work_without_styles(settings: Settings, store: Store) -> None:  # noqa: ARG001 - the store is published
    """Where nothing was built, a page names no file, and is otherwise the same."""
    answer = create_app(settings, bundle=Bundle()).test_client().get("/")
    assert answer.status_code == 200
    assert "/assets/" not in answer.text
    assert "<h1>" in answer.text


def test_nothing_built_is_an_empty_bundle(tmp_path: Path) -> None:
    """A folder without a manifest, or no folder, is no error."""
    assert read_bundle(tmp_path) == Bundle()
    assert read_bundle(tmp_path / "none").digest == ""


def test_another_content_is_another_bundle(folder: Path) -> None:
    """The digest follows the names, which follow the contents."""
    before = read_bundle(folder).digest
    listed = {"entries": {"tiny.js": "tiny-DEF.js"}, "files": ["tiny-DEF.js"]}
    (folder / "manifest.json").write_text(json.dumps(listed), "utf-8")
    assert read_bundle(folder).digest != before
