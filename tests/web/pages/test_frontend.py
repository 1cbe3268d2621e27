"""The front-end build: what it writes is small, complete, and our own."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.web import read_bundle
from kg.web.pages.bundle import Bundle

HOME = Path(__file__).parents[3]
FRONTEND = HOME / "src" / "kg" / "web" / "frontend"
MOST_BYTES = 10 * 1024


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Read the built files, built now where they were not; skip only where that cannot be done."""
    if not read_bundle().assets:
        subprocess.run(["make", "assets"], cwd=HOME, check=False, capture_output=True)
    bundle = read_bundle()
    if not bundle.assets:
        pytest.skip("the front-end files cannot be built here")
    return bundle


def test_the_frame_has_its_files(bundle: Bundle) -> None:
    """Style, script and icon, each named by its content."""
    assert bundle.entries.keys() >= {"site.css", "theme.js", "icon.svg"}
    for source, built in bundle.entries.items():
        stem, _, ending = source.rpartition(".")
        assert re.fullmatch(rf"{stem}-[0-9A-Z]{{8}}\.{ending}", built)
        assert built in bundle.assets


def test_what_every_page_loads_is_light(bundle: Bundle) -> None:
    """Style and script of the frame together, compressed."""
    loaded = [bundle.assets[bundle.entries[name]].answer("br") for name in ("site.css", "theme.js")]
    assert sum(len(answer.body) for answer in loaded) < MOST_BYTES


def test_styles_are_resolved_and_load_nothing(bundle: Bundle) -> None:
    """Every token of KRDS became its value, every property that is used is set, and nothing is fetched."""
    style = bundle.assets[bundle.entries["site.css"]].content.decode()
    assert "krds" not in style
    assert "light-dark(" in style
    assert not re.findall(r"url\(|@import", style)
    assert set(re.findall(r"var\((--[\w-]+)", style)) <= set(re.findall(r"(--[\w-]+):", style))


def test_a_token_that_krds_has_not_stops_the_build(bundle: Bundle, tmp_path: Path) -> None:  # noqa: ARG001
    """A misspelt name fails, and writes nothing."""
    node = shutil.which("node") or str(HOME / ".venv" / "bin" / "node")
    copy = tmp_path / "frontend"
    shutil.copytree(FRONTEND, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(FRONTEND / "node_modules")
    (copy / "src" / "site.css").write_text("a { color: krds(text-nonsense) }", "utf-8")
    built = subprocess.run([node, "build.js"], cwd=copy, check=False, capture_output=True, text=True)
    assert built.returncode != 0
    assert "KRDS has no token text-nonsense" in built.stderr
    assert not (tmp_path / "assets").exists()


def test_packages_are_pinned_and_name_no_host() -> None:
    """Exact versions with a reason each; the lock has digests and no addresses."""
    package = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    assert package["devDependencies"].keys() == package["//devDependencies"].keys()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    assert all("resolved" not in locked for locked in lock.values())
    assert all(locked["integrity"] for path, locked in lock.items() if path)
