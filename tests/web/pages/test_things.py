"""The pages of things: every thing has one, in every language, and every fact on it says where it was read."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
from flask import Flask
from flask.testing import FlaskClient

from built_things import path_of, things_by_class
from kg.domain import DEFAULT_BASE_IRI
from kg.locales import LANGUAGES

CITIES = ("laoshan", "hongkou", "jianhua", "baishan", "langfang", "dongcheng", "hebi", "zaozhuang")
CODES = tuple(language.code for language in LANGUAGES)
MOST = 3
"""How many things of a class are looked at in every language; of the others, each is looked at in one."""
UNTRANSLATED = re.compile(r">\s*(?:[a-z]+\.)+[a-z_]+\s*<")
FIRST_VISIT = 60_000


@pytest.fixture(scope="module")
def reading(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of it."""
    with owner_app.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def things(built_store: Path) -> dict[str, list[str]]:
    """List every thing that has an IRI under ``/id/``, by its class."""
    return things_by_class(built_store)


def main_of(page: str) -> str:
    """Return what stands in the middle of a page."""
    return page[page.index("<main") : page.index("</main>")]


def looked_at(things: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield paths with a language: some things of each class in all, a spread of the others in one."""
    for iris in things.values():
        for iri in iris[:MOST]:
            yield from ((path_of(iri), code) for code in CODES)
        others = iris[MOST :: max(1, len(iris) // 40)]
        yield from ((path_of(iri), CODES[place % len(CODES)]) for place, iri in enumerate(others))


def assert_shown(reading: FlaskClient, path: str, code: str) -> None:
    """Check that a page answers with a heading; no key of a message and no bare IRI of ours is its text."""
    answer = reading.get(path, query_string={"lang": code})
    assert answer.status_code == 200, path
    main = main_of(answer.text)
    assert re.search(r"<h1[^>]*>[^<]+</h1>", main), path
    assert not UNTRANSLATED.search(main), path
    assert f">{DEFAULT_BASE_IRI}ontology#" not in main, path


def test_every_kind_of_thing_has_a_page_in_every_language(reading: FlaskClient, things: dict[str, list[str]]) -> None:
    """The first thing of each class is shown in each language."""
    for iris in things.values():
        for code in CODES:
            assert_shown(reading, path_of(iris[0]), code)


@pytest.mark.slow
def test_many_things_of_a_kind_have_pages(reading: FlaskClient, things: dict[str, list[str]]) -> None:
    """Some of each class are shown in each language, a spread of the others in one."""
    for path, code in looked_at(things):
        assert_shown(reading, path, code)


@pytest.mark.slow
def test_every_thing_has_a_page(reading: FlaskClient, things: dict[str, list[str]]) -> None:
    """What is neither passage nor line nor claim: each of them has a page, in one language or another."""
    many = ("Passage", "SourceLine", "ExternalClaim", "SourceDoubt")
    few = {iri for name, iris in things.items() if not name.endswith(many) for iri in iris}
    for place, iri in enumerate(sorted(few)):
        code = CODES[place % len(CODES)]
        assert reading.get(path_of(iri), query_string={"lang": code}).status_code == 200, iri


@pytest.mark.parametrize("slug", CITIES)
def test_every_fact_of_a_city_says_where_it_was_read(reading: FlaskClient, slug: str) -> None:
    """Each fact has a mark, each mark a footnote, each footnote leads to its line or gives its evidence."""
    main = main_of(reading.get(f"/page/municipality/{slug}?lang=en").text)
    facts = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", main.split('<dl class="facts">', 1)[1], re.DOTALL)
    assert len(facts) >= 12
    for name, value in facts:
        assert 'class="note-mark"' in value, name
    notes = dict(re.findall(r'<li id="note-(\d+)">(.*?)</li>', main, re.DOTALL))
    assert set(re.findall(r'href="#note-(\d+)"', main)) == set(notes)
    for note in notes.values():
        assert re.search(r'href="/source/seocho-china\?[^"]*mark=(\d+)\.\d+-\d+#L\1"', unescape(note)) or (
            "External source" in note
        )


def test_a_count_of_organs_leads_to_its_words(reading: FlaskClient) -> None:
    """A number that the page prints among others has a footnote of its own."""
    main = main_of(reading.get("/page/municipality/hongkou?lang=ko").text)
    assert re.search(r"7판공실</q></a><sup", main)


def test_only_what_the_page_does_not_say_is_from_elsewhere(reading: FlaskClient) -> None:
    """A fact that the page gives is the page's, though others confirm it; a homepage leads to its address."""
    main = main_of(reading.get("/page/municipality/hebi?lang=en").text)
    facts = dict(re.findall(r"<div><dt>([^<]+)</dt><dd>(.*?)</dd></div>", main, re.DOTALL))
    assert "external source" not in facts["within"]
    assert "external source" in facts["administrative level"]
    assert '<a href="http://www.hebi.gov.cn/">' in facts["homepage"]


@pytest.mark.parametrize("code", CODES)
def test_properties_are_called_in_the_language_of_the_page(reading: FlaskClient, code: str) -> None:
    """No name of a fact on a city's page stands in another language."""
    main = main_of(reading.get("/page/municipality/hebi", query_string={"lang": code}).text)
    assert len(re.findall(r"<dt>", main)) >= 12
    assert not re.search(r"<dt><span lang=", main)


def test_a_friendship_is_named_in_the_language_of_the_page(reading: FlaskClient) -> None:
    """Its heading is in that language, whichever it is."""
    for code, heading in (
        ("ko", "서초구와 학벽시의 결연"),
        ("en", "Seocho-gu and Hebi City"),
        ("zh", "瑞草区与鹤壁市"),
    ):
        page = reading.get("/page/friendship/seocho-hebi", query_string={"lang": code}).text
        assert f"<h1>{heading}</h1>" in page


def test_an_exchange_shows_its_line_and_its_neighbours(reading: FlaskClient) -> None:
    """The line as printed, who took part and how many, and the exchanges before and after with that city."""
    main = main_of(reading.get("/page/exchange/hongkou-2000-07-10?lang=ko").text)
    assert re.search(r"<blockquote[^>]*>• <mark>홍구구 대표단\(6명\) 서초구 친선방문", main)
    assert re.search(r"<q[^>]*>대표단</q>\s+6명", main)
    assert 'rel="prev" href="/page/exchange/hongkou-1999-10-21?lang=ko"' in main
    assert 'rel="next" href="/page/exchange/hongkou-2002?lang=ko"' in main


def test_an_event_leads_to_its_line_and_a_figure_to_its_city(reading: FlaskClient) -> None:
    """A part says whose part it is."""
    event = main_of(reading.get("/page/event/hebi-2016-10.2016-10").text)
    assert "/page/exchange/hebi-2016-10" in event
    figure = main_of(reading.get("/page/statistic/hebi-population?lang=en").text)
    assert "about 1,630,000 people" in figure
    assert "/page/municipality/hebi" in figure
    assert "/page/doubt/" not in figure.split("<dl", 1)[0].split("</h1>", 1)[1].split("<div", 1)[0]


def test_a_topic_lists_its_exchanges(reading: FlaskClient) -> None:
    """A concept means something, and what it is said of is listed."""
    main = main_of(reading.get("/page/topic/health?lang=en").text)
    assert "Health and medical care." in main
    assert "/page/exchange/" in main


def test_a_line_says_what_was_read_from_it(reading: FlaskClient) -> None:
    """Things and their properties, by name."""
    main = main_of(reading.get("/page/line/seocho-china.10?lang=en").text)
    assert "/page/municipality/laoshan" in main or "/page/statistic/laoshan" in main
    assert "value" in main


class Ends(HTMLParser):
    """Collects the data blocks of a page."""

    def __init__(self) -> None:
        """Begin outside of any."""
        super().__init__()
        self.blocks: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter a data block."""
        self._is_inside = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        """Keep what is inside."""
        if self._is_inside:
            self.blocks.append(data)
            self._is_inside = False


def test_a_page_says_in_schema_org_what_it_is_about(reading: FlaskClient, things: dict[str, list[str]]) -> None:
    """One data block of JSON-LD that names the thing and its type."""
    for iris in things.values():
        reader = Ends()
        reader.feed(reading.get(path_of(iris[0]), query_string={"lang": "zh"}).text)
        (block,) = reader.blocks
        markup = json.loads(block)
        assert markup["@context"] == "https://schema.org"
        assert markup["@id"] == iris[0]
        assert markup["name"]


def test_a_city_with_its_styles_is_light(reading: FlaskClient) -> None:
    """The largest city page with the styles of its first visit, compressed."""
    sizes = []
    for slug in CITIES:
        page = reading.get(f"/page/municipality/{slug}?lang=ko")
        linked = re.findall(r'(?:href|src)="(/assets/[^"]+\.(?:css|js))"', page.text)
        files = [reading.get(path, headers={"Accept-Encoding": "identity"}).data for path in linked]
        sizes.append(sum(len(brotli.compress(part, quality=5)) for part in (page.data, *files)))
    assert max(sizes) <= FIRST_VISIT
