"""The command: what it prints and how it ends."""

import io
import json
import os
import pty
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import kg.web
from kg.auth import Audit, Use
from kg.cli import main
from kg.web.pages.bundle import Asset, Bundle

SOURCE = Path(__file__).parents[2] / "data" / "sources" / "seocho-china.txt"


SMALL_PAGE = """중국

중국 산동성 위해시
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정(체결장소 : 서초구)
"""
EXCHANGE = """
@prefix kg: <https://kg.seocho.example/ontology#> .
@prefix id: <https://kg.seocho.example/id/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://kg.seocho.example/id/exchange/hongkou-2025-05> a kg:ExchangeRecord ;
  kg:description "홍구구 대표단 서초구 방문"@ko ;
  kg:friendship <https://kg.seocho.example/id/friendship/seocho-hongkou> ;
  kg:exchangedWith <https://kg.seocho.example/id/municipality/hongkou> ;
  kg:primaryKind <https://kg.seocho.example/id/exchange-kind/visit> ;
  kg:kind <https://kg.seocho.example/id/exchange-kind/visit> ;
  kg:direction <https://kg.seocho.example/id/direction/to-seocho> ;
  kg:directionStated true ;
  kg:event <https://kg.seocho.example/id/event/hongkou-2025-05> .
<https://kg.seocho.example/id/event/hongkou-2025-05> a kg:ExchangeEvent ;
  kg:record <https://kg.seocho.example/id/exchange/hongkou-2025-05> ;
  kg:direction <https://kg.seocho.example/id/direction/to-seocho> ;
  kg:directionStated true ;
  kg:startDate "2025-05-01"^^xsd:date ;
  kg:endDate "2025-05-31"^^xsd:date ;
  kg:datePrecision "month" .
"""


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
    folder, page = tmp_path / "out", tmp_path / "page.txt"
    page.write_text(SMALL_PAGE, "utf-8")
    assert main(["build", str(page), "--out", str(folder), "--base-iri", "https://example.org/x/"]) == 0
    assert not (tmp_path / "store").exists()
    assert b"kg.seocho.example" not in (folder / "kg.ttl").read_bytes()
    capfdbinary.readouterr()
    assert main(["render", "--from", str(folder)]) == 0
    assert capfdbinary.readouterr().out == page.read_bytes()


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
    told = capfd.readouterr()
    assert "focus node  a:x" in told.err
    assert "kg: violation: \n" not in told.err
    assert told.out.startswith("kg: does not conform: ")


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_validate_sees_a_file_together_with_the_current_version(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """An exchange that points to a tie of the current version conforms beside it, and not alone."""
    data = tmp_path / "exchange.ttl"
    data.write_text(EXCHANGE, "utf-8")
    assert main(["validate", str(data)]) == 1
    assert main(["validate", "--with-current", str(data)]) == 0
    assert "0 violations" in capfd.readouterr().out


def test_validate_names_a_value_that_its_datatype_does_not_have(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A date that is in no calendar is a violation with its value, not a failure."""
    data = tmp_path / "exchange.ttl"
    data.write_text(EXCHANGE.replace('"2025-05-01"', '"2025-13-01"'), "utf-8")
    assert main(["validate", str(data)]) == 1
    assert "value       2025-13-01" in capfd.readouterr().err


def test_a_token_is_shown_once_and_can_be_taken_back(capfd: pytest.CaptureFixture[str]) -> None:
    """The secret is the last line; the list has names only."""
    assert main(["token", "create", "--name", "office", "--scope", "write"]) == 0
    secret = capfd.readouterr().out.splitlines()[-1]
    assert main(["token", "list"]) == 0
    listed = capfd.readouterr().out
    assert listed.startswith("office\twrite\t")
    assert secret not in listed
    assert "expires -\tlast used -" in listed
    assert main(["token", "revoke", "--name", "office"]) == 0
    assert main(["token", "revoke", "--name", "office"]) == 3


def test_the_uses_of_tokens_are_listed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Several scopes and an end are shown, with the last use; the audit has each use."""
    create = ["token", "create", "--name", "office", "--scope", "write", "moderate"]
    assert main([*create, "--expires", "2999-12-31"]) == 0
    assert main([*create, "--expires", "soon"]) == 2
    time = "2999-01-01T00:00:00+00:00"
    Audit(tmp_path / "store").add(Use(time, "office", "POST", "/sparql", "write", 204, 2))
    capfd.readouterr()
    assert main(["token", "list"]) == 0
    assert "write moderate\tmade 2" in (listed := capfd.readouterr().out)
    assert f"expires 3000-01-01T00:00:00+00:00\tlast used {time}" in listed
    assert main(["token", "audit", "--name", "office"]) == 0
    assert capfd.readouterr().out == f"{time}\toffice\tPOST /sparql\twrite\t204\tversion 2\n"
    assert main(["token", "audit", "--name", "other"]) == 0
    assert capfd.readouterr().out == ""


def test_any_file_name_will_do(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A page may be called anything: its name in IRIs is made of its letters and digits."""
    names = ("seocho china", "seocho-china (1)", "한글이름")
    for name, city in zip(names, ("산동성 위해시", "길림성 연길시", "강소성 소주시"), strict=True):
        (tmp_path / f"{name}.txt").write_text(SMALL_PAGE.replace("산동성 위해시", city), "utf-8")
    assert main(["build", *(str(tmp_path / f"{name}.txt") for name in names), "--out", str(tmp_path / "out")]) == 0
    assert "triples" in capfd.readouterr().out
    written = (tmp_path / "out" / "kg.nq").read_text("utf-8")
    assert all(f"/id/page/{slug}>" in written for slug in ("seocho-china", "seocho-china-1", "한글이름"))


def test_an_update_makes_the_next_version(capfd: pytest.CaptureFixture[str]) -> None:
    """What an update adds, a query finds; where it may not call, it is refused."""
    assert main(["update", "INSERT DATA { <urn:a> <urn:b> 1 }"]) == 0
    assert main(["query", "SELECT ?o { <urn:a> <urn:b> ?o }"]) == 0
    assert capfd.readouterr().out.endswith("o\r\n1\r\n")
    assert main(["update", "LOAD <http://127.0.0.1:9/>"]) == 2
    assert main(["query", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"]) == 2
    assert "127.0.0.1" in capfd.readouterr().err


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
    assert "Give an integer of at least 256." in capfd.readouterr().err


@pytest.mark.parametrize("assets", [{}, {"site-A.css": Asset("site-A.css", b"")}], ids=["plain", "styled"])
def test_serving_without_styles_is_said(
    assets: dict[str, Asset],
    built_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The server starts either way; where the styles were not built, it says how that is done, on standard error."""
    shutil.copytree(built_store, tmp_path / "store")  # another test may serve the one that all share
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(kg.web, "read_bundle", lambda: Bundle({}, assets))
    monkeypatch.setattr(kg.web, "serve", lambda _, ready: ready("http://localhost:1/"))
    assert main(["serve"]) == 0
    out, err = capfd.readouterr()
    assert out == "http://localhost:1/\n"
    assert ("make assets" in err) == (not assets)


def test_the_version_needs_no_settings(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """It is told whatever is set; any other command refuses a setting that does not exist."""
    monkeypatch.setenv("KG_STOER", "x")
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--version"])
    assert capfd.readouterr().out == f"kg {version('kg')}\n"
    assert main(["config"]) == 2
    assert "Did you mean KG_STORE?" in capfd.readouterr().err


def test_settings_are_listed_with_where_they_come_from(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One row for each."""
    monkeypatch.setenv("KG_BODY_SIZE", "7")
    assert main(["config"]) == 0
    rows = [line.split() for line in capfd.readouterr().out.splitlines()]
    assert rows[0] == ["setting", "value", "from"]
    assert ["KG_BODY_SIZE", "7", "environment"] in rows
    assert ["KG_QUEUE", "128", "default"] in rows


@pytest.mark.usefixtures("built")
def test_a_query_from_standard_input_as_a_table(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Columns are aligned by what their text takes on a terminal, which text from the graph cannot steer."""
    query = r"SELECT ?name ?n { VALUES (?name ?n) { ('홍구구' 1) ('a\u001B[2Jb' UNDEF) } }"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(query.encode())))
    assert main(["query", "-", "--format", "table"]) == 0
    assert sorted(capfd.readouterr().out.splitlines()) == ["a [2Jb", "name    n", "홍구구  1"]
    assert main(["query", "ASK { ?s ?p ?o }", "--format", "table"]) == 0
    assert capfd.readouterr().out == "ASK\ntrue\n"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_takes_the_completion_script(shell: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The script knows every command, and the shell parses it."""
    assert main(["completion", shell]) == 0
    script = capfd.readouterr().out
    assert "restore-backup" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("is_terminal", [True, False])
def test_styles_and_progress_are_for_terminals(*, is_terminal: bool) -> None:
    """What goes to a pipe has no escape sequence, whatever else is a terminal."""
    command = [sys.executable, "-m", "kg", "history"]
    environment = {**os.environ, "TERM": "xterm"}
    outer, inner = pty.openpty()
    out = inner if is_terminal else subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=out, stderr=inner) as process:
        piped = process.stdout.read() if process.stdout else b""
    os.close(inner)
    shown = piped or os.read(outer, 4096)
    os.close(outer)
    assert b"version" in shown
    assert (b"\x1b[1m" in shown) == is_terminal
