"""From pages to a dataset, and the gate before anything is written."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kg.build import build, input_digest, needs_build, open_store, read_file
from kg.build.commits import merge_with_current
from kg.cli import main
from kg.domain import InputFileError, NonconformingError, Settings
from kg.store import Store

PAGE = """중국

중국 산동성 위해시

중국 산동성 위해시
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정(체결장소 : 서초구)
  • 일반현황
    • 면 적 : 0㎢
  • 주요교류내용
    • 위해시 대표단(6명) 서초구 방문 (2021년 3월)
"""


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> Settings:
    """Give settings with a store of their own."""
    return Settings(home=home, store=tmp_path / "store")


def test_a_violation_stops_the_build_before_anything_is_written(settings: Settings, tmp_path: Path) -> None:
    """The report names focus node, value, line, message and cure; the store is not even made."""
    page = tmp_path / "wrong.txt"
    page.write_text(PAGE, "utf-8")
    made = build([page], settings)
    found = {(result.focus_node.rpartition("/")[2], result.value, result.lines) for result in made.report.results}
    assert not made.report.conforms
    assert ("산동성-위해시", "0", (9,)) in found
    assert all(result.message.texts() for result in made.report.results)
    assert all(result.cure.texts() for result in made.report.results if result.severity == "violation")
    with pytest.raises(NonconformingError):
        merge_with_current(made, settings)
    assert not settings.store.exists()


def test_a_second_start_does_not_build_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was built from the same inputs is taken as it is; another base is another input."""
    page = tmp_path / "page.txt"
    page.write_text("\n".join(PAGE.split("\n")[:7]), "utf-8")
    paths = (page,)
    monkeypatch.setenv("KG_STORE", str(settings.store))
    assert main(["build", str(page)]) == 0
    assert not needs_build(open_store(settings), paths, settings)
    assert needs_build(open_store(settings), paths, replace(settings, base_iri="https://example.org/"))
    assert input_digest(paths, settings) != input_digest((), settings)
    assert len(Store(settings.store).commits()) == 1


def test_a_page_in_another_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    """The first byte that is not UTF-8 is named by line and column."""
    page = tmp_path / "euc-kr.txt"
    page.write_bytes("중국\n".encode() + "한 글".encode("euc-kr"))
    with pytest.raises(InputFileError) as caught:
        read_file(page)
    assert caught.value.where
    assert (caught.value.where.line, caught.value.where.column) == (2, 1)


def test_a_page_that_is_not_there_is_an_error_of_the_call(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(InputFileError, match=r"nowhere\.txt"):
        read_file(tmp_path / "nowhere.txt")


def test_serving_a_page_that_does_not_conform_tells_why(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The build before serving reports what it found, and its exit code is that of the command."""
    for folder in ("ontology", "shapes"):
        (tmp_path / folder).symlink_to(home / folder)
    shutil.copytree(home / "data", tmp_path / "data", ignore=shutil.ignore_patterns("sources"))
    (tmp_path / "data" / "sources").mkdir()
    (tmp_path / "data" / "sources" / "wrong.txt").write_text(PAGE, "utf-8")
    monkeypatch.setenv("KG_HOME", str(tmp_path))
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))
    assert main(["serve", "--port", "0"]) == 1
    told = capfd.readouterr()
    assert not told.out
    assert "line        9 of the page" in told.err
    assert "한국어" in told.err
