"""The pages about many things: the way in, cities, comparison, years."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

CODES = ("ko", pytest.param("en", marks=pytest.mark.slow), pytest.param("zh", marks=pytest.mark.slow))
OURS = re.compile(r"/(?:page|years|cities|compare|about|questions|downloads|sparql|openapi|assets|data|\?|$)")


@pytest.fixture(scope="module")
def reading(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the application with the owner's page."""
    with owner_app.test_client() as client:
        yield client


def main_of(page: str) -> str:
    """Return what stands in the middle of a page."""
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("path", ["/", "/cities", "/compare", "/years", "/years/2020", "/about"])
def test_a_page_leads_on_in_its_language(reading: FlaskClient, path: str, code: str) -> None:
    """It answers, says what it is, and each of its links answers and keeps the language."""
    answer = reading.get(path, query_string={"lang": code})
    assert answer.status_code == 200
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text)
    assert block
    assert json.loads(block[1])["@context"] == "https://schema.org"
    main = main_of(answer.text)
    assert not re.search(r">\s*(?:[a-z]+\.)+[a-z_]+\s*<", main)
    for link in {unescape(one) for one in re.findall(r'href="(/[^"#]*)"', main)}:
        if OURS.match(link):
            assert reading.get(link).status_code == 200, link
        if link.startswith(("/page", "/years")):
            assert f"lang={code}" in link


def test_the_way_in_counts_what_there_is(reading: FlaskClient) -> None:
    """Eight cities, eighty exchanges; the map has all eight and Seocho; five exchanges are shown, the latest first."""
    main = main_of(reading.get("/?lang=en").text)
    figures = dict(re.findall(r"<div><dt>([^<]+)</dt><dd>(?:<a[^>]*>)?([^<]+)", main))
    assert (figures["friendship cities"], figures["exchanges"], figures["years"]) == ("8", "80", "1997 – 2024")
    assert len(re.findall(r"<circle", main)) == 9
    latest = re.findall(r'<p class="when"><time datetime="([^"]+)"', main)
    assert len(latest) == 5
    assert latest == sorted(latest, reverse=True)


def test_the_cities_stand_in_the_order_of_the_page(reading: FlaskClient) -> None:
    """A card for each with its names in three scripts."""
    main = main_of(reading.get("/cities?lang=en").text)
    cards = re.findall(r"<li><h2>.*?</li>", main, re.DOTALL)
    assert len(cards) == 8
    assert "Laoshan" in cards[0]
    assert all('lang="ko"' in card and 'lang="zh-hans"' in card for card in cards)


def test_cities_are_compared_that_were_chosen(reading: FlaskClient) -> None:
    """The columns are the chosen cities; an unknown name chooses nothing; figures say as of when."""
    main = main_of(reading.get("/compare?city=hebi&city=hongkou&city=atlantis&lang=ko").text)
    columns = re.findall(r'<th scope="col"><a href="/page/municipality/(\w+)', main)
    assert columns == ["hongkou", "hebi"]
    assert len(re.findall(r"checkbox[^>]*checked", main)) == 2
    assert "2018년 기준" in main
    everyone = main_of(reading.get("/compare?city=atlantis").text)
    assert len(re.findall(r'<th scope="col">', everyone)) == 8


def test_a_year_shows_what_happened_in_it(reading: FlaskClient) -> None:
    """Its exchanges and documents, the years beside it; a year without any is not found."""
    main = main_of(reading.get("/years/2016?lang=en").text)
    assert "/page/agreement/hebi-2016-10-13" in main
    assert 'rel="prev" href="/years/2015?lang=en"' in main
    assert 'rel="next" href="/years/2017?lang=en"' in main
    assert reading.get("/years/1950").status_code == 404


def test_an_empty_store_still_has_a_way_in(client: FlaskClient) -> None:
    """Where there are no cities, the pages say so by showing none."""
    for path in ("/", "/cities", "/compare", "/years", "/about"):
        assert client.get(path).status_code == 200, path
