"""The command: what it prints and how it ends."""

import json
from pathlib import Path

import pytest

from kg.cli import main

SOURCE = Path(__file__).parents[1] / "data" / "sources" / "seocho-china.txt"


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KG_HOST", "KG_PORT", "KG_BASE_IRI", "KG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))


@pytest.fixture
def built(built_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command read a store that holds the owner's page."""
    monkeypatch.setenv("KG_STORE", str(built_store))


@pytest.mark.usefixtures("built")
def test_render_export_query(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The store's version answers queries, renders the page and exports itself."""
    assert main(["render"]) == 0
    assert capfdbinary.readouterr().out == SOURCE.read_bytes()
    assert main(["export", "--format", "nt"]) == 0
    assert capfdbinary.readouterr().out.count(b"\n") > 10_000
    query = tmp_path / "q.rq"
    query.write_text("PREFIX kg: <https://kg.seocho.example/ontology#> SELECT (COUNT(*) AS ?n) { ?f a kg:Friendship }")
    assert main(["query", f"@{query}"]) == 0
    assert capfdbinary.readouterr().out == b"n\r\n8\r\n"


def test_build_out_leaves_the_store_alone(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """With a folder and another base, the distributions are there, under that base only."""
    folder = tmp_path / "out"
    assert main(["build", "--out", str(folder), "--base-iri", "https://example.org/x/"]) == 0
    assert not (tmp_path / "store").exists()
    assert b"kg.seocho.example" not in (folder / "kg.ttl").read_bytes()
    capfdbinary.readouterr()
    assert main(["render", "--from", str(folder)]) == 0
    assert capfdbinary.readouterr().out == SOURCE.read_bytes()


def test_check_reports_in_three_forms(capfd: pytest.CaptureFixture[str]) -> None:
    """Text for people, JSON for programs, SARIF for editors; the owner's page has no error."""
    assert main(["check", str(SOURCE)]) == 0
    assert "seocho-china.txt:102:15: warning: '1,18만' → 1,180,000" in capfd.readouterr().out
    assert main(["check", str(SOURCE), "--format", "json"]) == 0
    doubts = json.loads(capfd.readouterr().out)[0]["doubts"]
    assert main(["check", str(SOURCE), "--format", "sarif"]) == 0
    log = json.loads(capfd.readouterr().out)
    assert len(log["runs"][0]["results"]) == len(doubts)
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"


def test_check_fails_on_a_line_that_cannot_be_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An unread line is an error with its line and column."""
    page = tmp_path / "page.txt"
    page.write_text(SOURCE.read_text("utf-8").replace("  • 결 연 일 : 1998년 8월 3일", "  • 시 화 : 목련"), "utf-8")
    assert main(["check", str(page)]) == 1
    assert "page.txt:6:5: error: '시 화 : 목련'" in capfd.readouterr().out


def test_validate_tells_what_does_not_conform(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file of one's own is checked against the shapes."""
    data = tmp_path / "data.ttl"
    data.write_text("@prefix kg: <https://kg.seocho.example/ontology#> . <a:x> a kg:Delegation .")
    assert main(["validate", str(data)]) == 1
    assert "focus node  a:x" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "nowhere.txt"], 2),
        (["build", "--base-iri", "no-iri"], 2),
        (["render"], 3),
        (["query", "SELECT"], 3),
    ],
)
def test_errors_have_their_exit_codes(arguments: list[str], code: int, capfd: pytest.CaptureFixture[str]) -> None:
    """2 for a wrong call, 3 for what failed; always one line with the cure."""
    assert main(arguments) == code
    assert capfd.readouterr().err.startswith("kg: ")


@pytest.mark.usefixtures("built")
def test_a_wrong_query_names_its_place(capfd: pytest.CaptureFixture[str]) -> None:
    """Line and column of the fault."""
    assert main(["query", "SELECT *\nWHERE { ?s ?p }"]) == 2
    assert "query:2:" in capfd.readouterr().err


def test_a_setting_too_low_is_a_wrong_call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Memory with which no query could be answered is refused at once, and the least is named."""
    monkeypatch.setenv("KG_QUERY_MEMORY", "128")
    assert main(["serve", "--port", "0"]) == 2
    assert "Give a whole number from 256." in capfd.readouterr().err
