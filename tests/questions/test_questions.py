"""The twelve questions, asked of the running server; the answers in ``golden/`` were worked out by hand."""

import csv
import http.client
import io
import urllib.parse
from pathlib import Path

import pytest

QUERIES = Path(__file__).parents[2] / "src" / "kg" / "rdf" / "queries"
GOLDEN = Path(__file__).parent / "golden"


def ask(address: str, query: str) -> list[dict[str, str]]:
    """Ask over HTTP by GET, and read the answer as CSV."""
    parameters = urllib.parse.urlencode({"query": query})
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=30)
    connection.request("GET", f"/sparql?{parameters}", headers={"Accept": "text/csv"})
    body = connection.getresponse().read()
    connection.close()
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.rq")), ids=lambda path: path.stem)
def test_an_answer_is_that_of_the_page(path: Path, server: str) -> None:
    """Each question gets the rows that a reader of the page finds, in their order."""
    with (GOLDEN / f"{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    rows = ask(server, path.read_text("utf-8"))
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.rq")), ids=lambda path: path.stem)
def test_a_query_opens_with_its_question(path: Path) -> None:
    """A query file opens with its question in Korean, in English, then in Chinese."""
    korean, english, chinese = path.read_text("utf-8").splitlines()[:3]
    assert korean.startswith("# ")
    assert any("가" <= character <= "힣" for character in korean)
    assert english.startswith("# ")
    assert english.isascii()
    assert "?" in korean
    assert "?" in english
    assert chinese.startswith("# ")
    assert "？" in chinese
