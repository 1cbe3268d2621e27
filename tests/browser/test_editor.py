"""The SPARQL editor in a browser."""

from urllib.parse import parse_qs, quote, unquote_plus, urlsplit

import pytest
from playwright.sync_api import Page, expect

from browser.chromium import DESKTOP, PHONE
from browser.conftest import OpenPage

pytestmark = pytest.mark.browser

PREFIXES = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX kg: <https://kg.seocho.example/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
NAMED = """{ ?city kg:latitude ?latitude ; kg:longitude ?longitude ; geo:hasGeometry/geo:asWKT ?wkt ; rdfs:label ?name
  FILTER(LANG(?name) = "ko") }"""
PLACES = f"{PREFIXES}SELECT ?city ?name ?latitude ?longitude {NAMED}"
POINTS = f"{PREFIXES}SELECT ?city ?name ?wkt {NAMED}"
EVENTS = f"{PREFIXES}SELECT ?event ?startDate ?endDate {{ ?event kg:startDate ?startDate ; kg:endDate ?endDate }}"
YEARS = "{ ?event kg:edtf ?date BIND(SUBSTR(?date, 1, 4) AS ?year) }"
COUNTS = f"{PREFIXES}SELECT ?year (COUNT(*) AS ?events) {YEARS} GROUP BY ?year"
LONG = f"{PREFIXES}SELECT ?line {{ ?line a kg:SourceLine }} ORDER BY ?line"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{name} {{ {'1 ' * 60}}}" for name in "abcdef") + " }"
EDITOR = "document.querySelector('.CodeMirror').CodeMirror"


def link(query: str, **parameters: str) -> str:
    """Return the address of a query."""
    return f"/sparql?query={quote(query)}" + "".join(f"&{name}={value}" for name, value in parameters.items())


def write(page: Page, before: str, after: str) -> None:
    """Put a text into the editor, with the cursor between its two parts."""
    page.wait_for_selector(".CodeMirror")
    page.evaluate(f"text => {EDITOR}.setValue(text)", before + after)
    lines = before.split("\n")
    place = {"line": len(lines) - 1, "ch": len(lines[-1])}
    page.evaluate(f"place => {{ {EDITOR}.focus(); {EDITOR}.setCursor(place) }}", place)


def written(page: Page) -> str:
    """Return the text of the editor."""
    text: str = page.evaluate(f"{EDITOR}.getValue()")
    return text


@pytest.mark.parametrize(("language", "question"), [("ko", "우호도시는 어디이며"), ("en", "friendship cities")])
def test_an_example_of_the_dataset_is_run(open_page: OpenPage, language: str, question: str) -> None:
    """The questions come from the dataset's description, in the reader's language; choosing one answers it."""
    page = open_page("/sparql", language=language)
    options = page.locator("#example option")
    expect(options).to_have_count(13)
    assert question in (options.nth(1).text_content() or "")
    page.select_option("#example", index=1)
    expect(page.locator("#answer tbody tr")).to_have_count(8)
    assert "kg:Friendship" in unquote_plus(page.url)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("교류", "kg:ExchangeRecord"), ("exchangerec", "kg:ExchangeRecord"), ("kg:Friend", "kg:Friendship")],
)
def test_terms_are_completed_by_name_and_label(open_page: OpenPage, typed: str, chosen: str) -> None:
    """A Korean or English label or a short name leads to the term; its prefix is declared."""
    page = open_page("/sparql")
    write(page, "SELECT * WHERE {\n  ?thing a ", "\n}")
    page.keyboard.insert_text(typed)
    hint = page.locator(".CodeMirror-hint").filter(has_text=chosen).first
    expect(hint).to_be_visible()
    hint.click()
    assert f"?thing a {chosen}" in written(page)
    assert "PREFIX kg: <https://kg.seocho.example/ontology#>" in written(page)


def test_concepts_are_completed_in_chinese(open_page: OpenPage) -> None:
    """A kind or topic is found by its Chinese label, which stands beside it with its language."""
    page = open_page("/sparql?lang=zh", language="zh-CN")
    write(page, "SELECT * WHERE {\n  ?record ?p ", "\n}")
    page.keyboard.insert_text("访")
    label = page.locator(".CodeMirror-hint .label").first
    expect(label).to_contain_text("访")
    assert (label.get_attribute("lang") or "").startswith("zh")


@pytest.mark.parametrize(("language", "cure"), [("ko", "고치십시오"), ("en", "Correct it")])
def test_a_wrong_query_is_marked(open_page: OpenPage, language: str, cure: str) -> None:
    """The line is marked, what is wrong and the cure are told, and a button leads to the place."""
    page = open_page(link("SELECT *\nWHERE {\n  oops oops oops\n}"), language=language)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(cure)
    expect(page.locator(".wrong-line").filter(has_text="oops oops oops")).to_have_count(1)
    assert page.locator(".wrong-mark").first.get_attribute("aria-label")
    alert.get_by_role("button").click()
    assert page.evaluate(f"{EDITOR}.getCursor().line") == 2


def test_what_is_no_sparql_is_marked_while_writing(open_page: OpenPage) -> None:
    """The mark comes and goes with the fault."""
    page = open_page("/sparql")
    write(page, "SELECT * WHERE {\n  ?s ?p", " .\n}")
    expect(page.locator(".wrong-line")).to_have_count(1)
    page.keyboard.insert_text(" ?o")
    expect(page.locator(".wrong-line")).to_have_count(0)


def test_a_link_shares_the_query_and_its_answer(open_page: OpenPage) -> None:
    """What is copied opens the editor with the same query elsewhere, and runs it."""
    page = open_page("/sparql?lang=en")
    write(page, COUNTS, "")
    page.click("#share")
    expect(page.locator("#status")).to_have_text("Address copied.")
    shared = page.input_value("#link")
    assert page.evaluate("navigator.clipboard.readText()") == shared
    other = open_page(shared[shared.index("/sparql") :], language="ko")
    expect(other.locator("#answer tbody tr").first).to_be_visible()
    assert written(other) == COUNTS
    assert other.locator("html").get_attribute("lang") == "en"


def test_the_keyboard_runs_and_leaves(open_page: OpenPage) -> None:
    """Ctrl+Enter runs; Tab goes on to the next control, Shift+Tab back."""
    page = open_page("/sparql")
    write(page, "ASK { ?s ?p ?o }", "")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("예")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "SPARQL 질의 편집기"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "example"


@pytest.mark.parametrize(
    ("query", "view", "drawn"),
    [
        (PLACES, "map", "circle"),
        (POINTS, "map", "circle"),
        (EVENTS, "timeline", "rect.mark"),
        (COUNTS, "bars", "rect.bar"),
    ],
    ids=["degrees", "points", "dates", "numbers"],
)
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_answer_is_drawn_where_its_columns_allow(
    open_page: OpenPage, query: str, view: str, drawn: str, size: str
) -> None:
    """One mark for each row, in a picture with a title; the page stays as wide as the screen."""
    page = open_page(link(query), size=size, is_dark=size == PHONE)
    rows = page.locator("#answer tbody tr")
    expect(rows.first).to_be_visible()
    count = rows.count()
    page.click(f"#tab-{view}")
    picture = page.locator(f"svg.{view}")
    if count < 100:
        expect(picture.locator(drawn)).to_have_count(count)
    else:
        assert picture.locator(drawn).count() >= count
    assert picture.locator("title").first.text_content()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_only_views_that_fit_are_offered(open_page: OpenPage) -> None:
    """Text alone is a table; the arrows move between the tabs."""
    page = open_page(link("SELECT ?a { VALUES ?a { 'x' 'y' } }", lang="en"))
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Table", "Raw"])
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel")).to_contain_text('"bindings"')


def test_a_long_answer_has_pages(open_page: OpenPage) -> None:
    """A hundred rows at a time."""
    page = open_page(link(LONG, lang="en"))
    expect(page.locator("#answer tbody tr")).to_have_count(100)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#answer caption")).to_contain_text("Rows 101–")
    expect(page.get_by_role("button", name="Previous")).to_be_enabled()


def test_a_thing_in_an_answer_leads_to_its_page(open_page: OpenPage) -> None:
    """The link keeps the language."""
    page = open_page(link(PLACES, lang="en"))
    first = page.locator("#answer tbody a").first
    expect(first).to_be_visible()
    first.click()
    page.wait_for_url("**/page/municipality/**")
    assert page.url.endswith("?lang=en")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_graph_is_shown_as_text(open_page: OpenPage) -> None:
    """With the downloads of a graph."""
    page = open_page(link("CONSTRUCT WHERE { ?s <https://kg.seocho.example/ontology#partner> ?o }"))
    expect(page.locator("#answer pre")).to_contain_text("municipality/hongkou")
    expect(page.locator("#answer .links a")).to_have_text(["TTL", "JSONLD", "NT"])


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_answer_has_its_permanent_link(open_page: OpenPage, server: str, has_scripts: bool) -> None:  # noqa: FBT001
    """An ordinary link, with scripts and without, that gives the bytes of this very answer."""
    page = open_page(link(COUNTS, lang="en"), has_scripts=has_scripts)
    if not has_scripts:
        page.get_by_role("button", name="Run").click()
    shown = page.get_by_role("link", name="Permanent link to this result")
    address = shown.get_attribute("href") or ""
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{server}sparql?query=")
    assert (asked["query"][0].replace("\r\n", "\n"), asked["graph-version"]) == (COUNTS, ["1"])
    assert {"answer", "lang"}.isdisjoint(asked)
    answer = page.request.get(address, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("application/sparql-results+json")
    assert "memento-datetime" in answer.headers


def test_an_answer_that_differs_each_time_has_no_permanent_link(open_page: OpenPage) -> None:
    """Nothing is promised that would not be kept."""
    page = open_page(link("SELECT (RAND() AS ?number) {}", lang="en"))
    expect(page.locator("#answer tbody tr")).to_have_count(1)
    expect(page.locator("#answer a[rel=bookmark]")).to_have_count(0)


def test_a_query_that_takes_long_is_stopped(open_page: OpenPage) -> None:
    """The reader need not wait for the budget."""
    page = open_page(link(ENDLESS))
    page.click("#stop")
    expect(page.locator("#status")).to_have_text("중지했습니다.")
    expect(page.locator("#stop")).to_be_hidden()


def test_without_scripts_the_form_answers(open_page: OpenPage) -> None:
    """A table from the server, with links."""
    page = open_page(link(PLACES, lang="en"), has_scripts=False)
    assert page.input_value("#query") == PLACES
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer tbody tr")).to_have_count(9)
    assert page.locator("#answer tbody a").first.get_attribute("href")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_program_is_copied(open_page: OpenPage, size: str) -> None:
    """Each program of the page "use this data" has a button."""
    page = open_page("/use?lang=en", size=size)
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -s http")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
