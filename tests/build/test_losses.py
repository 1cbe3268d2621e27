"""A build never replaces a good graph by a worse one unasked."""

from pathlib import Path

import pytest

import kg.web
from kg.build import build
from kg.cli import main
from kg.domain import InputFileError, Settings
from kg.store import Store

CITY = """중국 산동성 {name}
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - {name} 우호도시 협정
  • 주요교류내용
    • {name} 대표단 서초구 방문 (2021년 4월)
"""
FIRST, SECOND = CITY.format(name="위해시"), CITY.format(name="연태시").replace("5월 1일", "6월 2일")
PAGE = f"중국\n\n{FIRST}\n{SECOND}"
WORSE = {
    "a city less": (f"중국\n\n{FIRST}", "연태시"),
    "an unread line more": (PAGE.replace("  • 결연명칭", "  • 시 화 : 목련\n  • 결연명칭", 1), "0줄에서 1줄로"),
    "nothing": ("", "하나도"),
    "an HTML copy": ("<html><body><ul><li>결연일</li></ul></body></html>\n", "하나도"),
}


@pytest.fixture
def page(source: Path) -> Path:
    """Give a page that was built into a store of its own."""
    source.write_text(PAGE, "utf-8")
    assert main(["build"]) == 0
    return source


def versions(page: Path) -> int:
    """Count the versions of the store."""
    return len(Store(page.parents[3] / "store").commits())


@pytest.mark.parametrize("name", WORSE)
def test_a_worse_edition_is_built_only_on_demand(name: str, page: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What would be lost is said, and the version stays, until the option is given."""
    text, told = WORSE[name]
    page.write_text(text, "utf-8")
    capfd.readouterr()
    for command in ("build", "diff"):
        assert main([command]) == 1
        err = capfd.readouterr().err
        assert told in err
        assert "kg build --accept-loss" in err
    assert versions(page) == 1
    assert main(["build", "--accept-loss"]) == 0
    assert versions(page) == 2


def test_serving_a_worse_edition_serves_the_current_version(
    page: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong file does not take the site down."""
    page.write_text("", "utf-8")
    served: list[Settings] = []
    monkeypatch.setattr(kg.web, "serve", lambda settings, *_: served.append(settings))
    assert main(["serve"]) == 0
    assert served
    assert versions(page) == 1
    assert "kg build --accept-loss" in capfd.readouterr().err


def test_a_first_build_of_nothing_is_refused(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty store has nothing to lose, and a page without a city still makes no version and no files."""
    monkeypatch.setenv("KG_STORE", str(tmp_path / "other"))
    page.write_text("안내\n", "utf-8")
    assert main(["build"]) == 1
    assert main(["build", "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()
    assert Store(tmp_path / "other").current() is None


@pytest.mark.parametrize(("text", "missing"), [("", "비어"), ("<p>중국</p>\n", "HTML"), ("서초구 소식\n", "결 연 일")])
def test_a_check_says_what_a_page_lacks(
    text: str, missing: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A file in which no city can be read is an error."""
    path = tmp_path / "page.txt"
    path.write_text(text, "utf-8")
    assert main(["check", str(path)]) == 1
    assert missing in capfd.readouterr().out


def test_two_files_with_one_city_are_refused_by_name(page: Path, tmp_path: Path, home: Path) -> None:
    """Both files and the city are named."""
    other = tmp_path / "other.txt"
    other.write_text(f"중국\n\n{FIRST}", "utf-8")
    with pytest.raises(InputFileError, match=r"page\.txt.*other\.txt.*산동성 위해시"):
        build([page, other], Settings(home=home, store=tmp_path / "store"))
