"""From pages to a dataset, and the gate before anything is written."""

import sys
from pathlib import Path

import pytest

from kg.build import build, input_digest, read_file, source_paths
from kg.cli import main
from kg.errors import InputFileError, NonconformingError, UnexpectedError
from kg.publish import current_or_built, publish
from kg.settings import Settings
from kg.store.processes import memory_of
from kg.store.versions import Store

PAGE = """중국

중국 산동성 위해시

중국 산동성 위해시
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정(체결장소 : 서초구)
  • 일반현황
    • 면 적 : 0㎢
  • 주요교류내용
    • 위해시 대표단(0명) 서초구 방문 (2021년 3월)
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
    assert {("산동성-위해시", "0", (9,)), ("산동성-위해시-2021-03.1", "0", (11,))} <= found
    assert all(result.message.ko and result.message.en for result in made.report.results)
    assert all(result.cure.ko and result.cure.en for result in made.report.results if result.severity == "violation")
    with pytest.raises(NonconformingError):
        publish(made, "", settings)
    assert not settings.store.exists()


def test_a_second_start_does_not_build_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was built from the same inputs is taken as it is; another base is another input."""
    paths = source_paths(settings.home)
    monkeypatch.setenv("KG_STORE", str(settings.store))
    assert main(["build"]) == 0
    assert current_or_built(paths, settings).number == 1
    assert input_digest(paths, settings) != input_digest((), settings)
    assert len(Store(settings.store).versions()) == 1


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


def test_a_build_before_serving_gives_its_memory_back(settings: Settings) -> None:
    """It is made in a process of its own."""
    before = memory_of()
    assert current_or_built(source_paths(settings.home), settings).number == 1
    assert memory_of() - before < 2**24


def test_a_build_before_serving_tells_its_errors(settings: Settings, tmp_path: Path) -> None:
    """An error of the process that builds is the same error here."""
    page = tmp_path / "wrong.txt"
    page.write_text(PAGE, "utf-8")
    with pytest.raises(NonconformingError, match="violations"):
        current_or_built((page,), settings)


def test_a_build_that_dies_is_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that fails in a way that nobody foresaw ends the start with an error."""
    monkeypatch.setattr("kg.publish._PROGRAM", (sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(UnexpectedError, match="ended with 7"):
        current_or_built(source_paths(settings.home), settings)
