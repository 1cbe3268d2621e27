import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from kg.domain import Settings
from kg.locales import LANGUAGES, Language
from kg.store import Store
from kg.web.app import create_app
from kg.web.http.security import CONTENT_SECURITY_POLICY
from kg.web.pages.bundle import Asset, Bundle
from kg.web.pages.frame import show_page
from signing import published

QUADS = '<http://a/s> <http://a/p> "쑤저우"@ko .\n'
PAGES = ("/", "/questions/01-cities-since", "/downloads/", "/sparql", "/problems/not-found", "/nothing-here")
HTML = {"Accept": "text/html"}
TAGS = {language.code: language.tag for language in LANGUAGES}
WITHOUT_LANGUAGE = ("/assets/", "/downloads/", "/openapi.json", "/sparql")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Open a client of an application that has one version, and no styles."""
    home = tmp_path_factory.mktemp("frame")
    published(Store(home / "store"), QUADS.encode())
    return create_app(Settings(home=home, store=home / "store"), bundle=Bundle()).test_client()


every_page = pytest.mark.parametrize("path", PAGES)
every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)


def links(page: str) -> list[str]:
    """List where the links to other pages of ours lead."""
    found = (unescape(link) for link in re.findall(r'<a[^>]* href="([^"]+)"', page))
    return [link for link in found if link.startswith("/")]


@every_page
@every_language
def test_a_page_says_its_language(client: FlaskClient, path: str, language: Language) -> None:
    """By ``lang``, by Content-Language and in the switch, whether the address or the browser asked for it."""
    by_address = client.get(path, query_string={"lang": language.code}, headers=HTML)
    by_browser = client.get(path, headers={**HTML, "Accept-Language": language.tag})
    for answer in (by_address, by_browser):
        assert answer.headers["Content-Language"] == language.tag
        assert "Accept-Language" in answer.headers["Vary"]
        assert f'<html lang="{language.tag}">' in answer.text
        assert re.findall(r'hreflang="([\w-]+)" aria-current="true"', answer.text) == [language.tag]
        assert language.translate("frame.skip") in answer.text


@every_page
@every_language
def test_a_page_has_one_heading_and_its_landmarks(client: FlaskClient, path: str, language: Language) -> None:
    """One h1, one main that the skip link leads to, no name twice, and every link within the page arrives."""
    page = client.get(path, query_string={"lang": language.code}, headers=HTML).text
    names = re.findall(r'\bid="([^"]+)"', page)
    assert page.count("<h1") == page.count("<main") == 1
    assert page.index('href="#main"') < page.index("<header")
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)


@every_page
def test_the_language_of_the_address_is_kept(client: FlaskClient, path: str) -> None:
    """Every link to a page carries it where it was given, and none where it was not."""
    given = links(client.get(path, query_string={"lang": "zh"}, headers=HTML).text)
    assert given
    for link in given:
        is_page = not link.startswith(WITHOUT_LANGUAGE) or link.partition("?")[0] in ("/sparql", "/downloads/")
        if is_page and "query=" not in link:
            assert parse_qs(urlsplit(link).query).get("lang") == ["zh"], link
    assert not [link for link in links(client.get(path, headers=HTML).text) if "lang=" in link]


@every_page
def test_alternates_name_every_language(client: FlaskClient, path: str) -> None:
    """Full addresses that keep the rest of the query, and one for readers of any language."""
    page = client.get(path, query_string={"lang": "en", "q": "a b"}, headers=HTML).text
    found = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', page))
    assert found.keys() == {*TAGS.values(), "x-default"}
    for code, tag in TAGS.items():
        address = urlsplit(unescape(found[tag]))
        assert (address.netloc, address.path) == ("localhost", path)
        assert parse_qs(address.query) == {"q": ["a b"], "lang": [code]}
    assert parse_qs(urlsplit(unescape(found["x-default"])).query) == {"q": ["a b"]}


@every_page
def test_a_page_may_load_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    """The policy forbids it, and the page has nothing inline that the policy would stop; a data block is no script."""
    answer = client.get(path, headers=HTML)
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    page = answer.text.replace('<script type="application/ld+json">', "")
    assert not re.findall(r"<style|<[^>]+ style=|<script(?![^>]* src=)|<[^>]+ on\w+=|javascript:", page)
    assert not re.findall(r'(?:src|<link rel="(?:stylesheet|icon)" href)="(?!/|data:,")', answer.text)


def test_data_has_no_policy_of_pages(client: FlaskClient) -> None:
    """What is no page says only that it is not to be guessed at."""
    answer = client.get("/downloads/kg.ttl")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in answer.headers


def test_sections_are_there_when_their_doors_are(client: FlaskClient) -> None:
    """The menu leads nowhere that nobody answers, and marks where the reader is."""
    page = client.get("/downloads/", headers=HTML).text
    menu = page[page.index('<nav class="navigation"') : page.index("<main")]
    for link in links(menu):
        assert client.get(link).status_code == 200, link
    assert set(re.findall(r'href="([^"]+)" aria-current="page"', menu)) == {"/downloads/"}


def test_a_problem_is_explained_in_each_language(client: FlaskClient) -> None:
    """Its name and what it means; the questions of the way in too."""
    for code, title in (("zh", "未找到"), ("ko", "찾을 수 없습니다"), ("en", "Not found")):
        page = client.get("/problems/not-found", query_string={"lang": code}, headers=HTML).text
        assert f"<h1>{title}</h1>" in page
        assert '<p class="lead">' in page
        way_in = client.get("/", query_string={"lang": code}).text
        assert len(re.findall(r'<a href="/questions/[^"]+">', way_in)) == 12


def test_an_error_page_speaks_chinese(client: FlaskClient) -> None:
    """The message is in the language of the page."""
    answer = client.get("/nothing-here?lang=zh", headers=HTML)
    assert answer.status_code == 404
    assert "/nothing-here 处没有内容。" in answer.text


def test_what_is_shown_is_escaped(client: FlaskClient) -> None:
    """The path of a request is text, in the body and in the addresses of other languages."""
    page = client.get('/<script>alert("1")</script>?q=<b>"', headers=HTML).text
    assert "<script>alert" not in page
    assert "<b>" not in page


def tags(settings: Settings, bundle: Bundle) -> set[str]:
    """Return the entity tags that the home page has in every language, given or preferred."""
    client = create_app(settings, bundle=bundle).test_client()
    queries = [{}, *({"lang": code} for code in TAGS)]
    return {client.get("/", query_string=query, headers={**HTML, "Accept-Language": tag}).headers["ETag"]
            for query in queries for tag in TAGS.values()}  # fmt: skip


def test_a_copy_is_good_for_one_language_and_one_look(settings: Settings, store: Store) -> None:  # noqa: ARG001
    """Each language has an entity tag of its own, with ``?lang=`` and without; new styles make all of them new."""
    plain = tags(settings, Bundle())
    assert len(plain) == 2 * len(LANGUAGES)
    assert not plain & tags(settings, Bundle({}, {"site-X.css": Asset("site-X.css", b"")}))


def test_a_good_copy_is_not_sent_again(client: FlaskClient) -> None:
    """304, with the field that a cache needs to find it."""
    first = client.get("/?lang=en")
    again = client.get("/?lang=en", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Vary"] == first.headers["Vary"]


def test_the_footer_tells_the_version_that_the_page_was_made_from(settings: Settings, store: Store) -> None:
    """Also where another has become the current one meanwhile."""
    first = store.current()
    published(store, b'<http://a/s> <http://a/p> "3" .\n')
    with create_app(settings, bundle=Bundle()).test_request_context("/?lang=en"):
        page = show_page("home.html", "home", lambda: {"questions": [], "has_conformance": False}, first).get_data(
            as_text=True
        )
    assert "Version 1 of the data" in page


def test_an_empty_store_still_explains_itself(settings: Settings) -> None:
    """The page of the error needs no version."""
    answer = create_app(settings).test_client().get("/", headers={**HTML, "Accept-Language": "en"})
    assert answer.status_code == 500
    assert "Run &#39;kg build&#39; first." in answer.text


@every_page
def test_a_page_says_in_schema_org_what_it_is(client: FlaskClient, path: str) -> None:
    """One data block in JSON-LD, in the language of the page; an error says nothing of the kind."""
    page = client.get(path, headers=HTML)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    if page.status_code == 200:
        (block,) = (json.loads(one) for one in found)
        assert block["@context"] == "https://schema.org"
    else:
        assert not found
    assert 'type="application/atom+xml"' in page.text
