"""The pages about many things, and the page as it was printed."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

LANGUAGES = ("ko", "en", "zh")


@pytest.fixture(scope="module")
def client(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the owner's page."""
    with owner_app.test_client() as client:
        yield client


def text(client: FlaskClient, address: str) -> str:
    """Return a page."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.get_data(as_text=True)


def links(html: str) -> list[str]:
    """Return where a page leads."""
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/exchanges", "/search?q=hongkou", "/source/seocho-china", "/quality"])
def test_each_page_is_there_in_each_language(client: FlaskClient, path: str, language: str) -> None:
    """The language that is asked for is the one that the page says it is in, and its links keep it."""
    html = text(client, f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert f'<html lang="{"zh-Hans" if language == "zh" else language}">' in html
    inner = [link for link in links(html) if link.startswith(("/page/", "/exchanges", "/quality"))]
    assert inner
    assert all(f"lang={language}" in link for link in inner)


def test_a_filter_stays_in_its_links(client: FlaskClient) -> None:
    """Choosing a kind within a city keeps the city; the chosen value leads back out."""
    html = text(client, "/exchanges?city=hongkou&year=2012")
    assert len(re.findall(r'<p class="when">', html)) == 2
    kinds = [link for link in links(html) if "kind=" in link and link.startswith("/exchanges")]
    assert kinds
    assert all("city=hongkou" in link and "year=2012" in link for link in kinds)
    chosen = re.findall(r'<a href="([^"]+)" aria-current="true">', html)
    assert {unescape(link) for link in chosen} == {"/exchanges?year=2012", "/exchanges?city=hongkou"}


def test_the_list_as_data_is_the_list(client: FlaskClient) -> None:
    """The query that the page shows finds as many lines."""
    html = text(client, "/exchanges?city=hebi&direction=to-seocho")
    counted = len(re.findall(r'<p class="when">', html))
    (query,) = (parse_qs(urlsplit(link).query)["query"][0] for link in links(html) if link.startswith("/sparql?query="))
    rows = client.get("/sparql", query_string={"query": query, "format": "json"}).get_json()["results"]["bindings"]
    assert len(rows) == counted > 0
    assert {row["city"]["value"].rpartition("/")[2] for row in rows} == {"hebi"}


def test_pages_of_a_long_list_have_every_line_once(client: FlaskClient) -> None:
    """Eighty lines on three pages."""
    seen = [
        link
        for number in (1, 2, 3)
        for link in links(text(client, f"/exchanges?page={number}"))
        if link.startswith("/page/exchange/")
    ]
    assert len(set(seen)) == 80


@pytest.mark.parametrize("query", ["year=MMXII", "year=20", "page=0", "page=x", "year=²⁰¹²"])
def test_what_is_no_number_is_told(client: FlaskClient, query: str) -> None:
    """An address that cannot be read says which parameter it is."""
    response = client.get(f"/exchanges?{query}", headers={"Accept-Language": "en"})
    assert response.status_code == 400
    assert query.partition("=")[0] in response.get_data(as_text=True)


def test_a_value_that_is_nowhere_lists_nothing(client: FlaskClient) -> None:
    """An unknown city is no error: there are no exchanges with it."""
    assert "0" in re.findall(r'<p role="status">([^<]*)', text(client, "/exchanges?city=atlantis&lang=en"))[0]


def test_search_shows_what_matched(client: FlaskClient) -> None:
    """The match is marked, the first result is the city."""
    html = text(client, "/search?q=%ED%9B%99%EC%BB%A4%EC%9A%B0&lang=ko")
    first = re.search(r'<a href="(/page/[^"]+)"[^>]*>(.*?)</a></p></li>', html, re.DOTALL)
    assert first
    assert urlsplit(first[1]).path == "/page/municipality/hongkou"
    assert "<mark>虹口区</mark>" in first[2]


def test_what_is_searched_is_text(client: FlaskClient) -> None:
    """Markup in the question stays a text."""
    html = text(client, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_the_printed_page_is_the_page(client: FlaskClient, home: Path) -> None:
    """Every line stands there letter by letter, under its number."""
    html = text(client, "/source/seocho-china?mark=36.15-18")
    shown = re.findall(r'<li id="L(\d+)" value="\d+"[^>]*>(.*?)</li>', html, re.DOTALL)
    lines = [unescape(re.sub(r"<[^>]+>", "", line)) for _, line in shown]
    printed = (home / "data" / "sources" / "seocho-china.txt").read_text("utf-8")
    assert lines == printed.removesuffix("\n").split("\n")
    assert [int(number) for number, _ in shown] == list(range(1, len(lines) + 1))
    assert "<mark>71만</mark>" in html


@pytest.mark.parametrize("mark", ["", "36", "36.1-99999", "999.1-2", "36.18-15", "x"])
def test_any_mark_shows_the_page(client: FlaskClient, mark: str) -> None:
    """A mark that marks nothing is no error."""
    assert "71만" in re.sub(r"<[^>]+>", "", text(client, f"/source/seocho-china?mark={mark}"))


def test_one_page_is_where_the_source_is(client: FlaskClient) -> None:
    """Where the graph was read from one page, the section leads to it; a page that is not there is told."""
    response = client.get("/source?lang=en")
    assert (response.status_code, response.headers["Location"]) == (302, "/source/seocho-china?lang=en")
    assert client.get("/source/none").status_code == 404


def test_every_doubt_is_listed_with_its_line(client: FlaskClient) -> None:
    """The numbers add up, each doubt leads to its words, and notes on style are listed only when asked for."""
    html = text(client, "/quality?lang=en")
    found = [link for link in links(html) if link.startswith("/source/")]
    assert len(found) == 22
    assert all(re.fullmatch(r"\d+\.\d+-\d+", parse_qs(urlsplit(link).query)["mark"][0]) for link in found)
    notes = text(client, "/quality?severity=note")
    assert len([link for link in links(notes) if link.startswith("/source/")]) == 123
