"""The ways of a reader through the site: on a phone and a desktop, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from browser.chromium import SIZES
from browser.conftest import OpenPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("size", SIZES),
    pytest.mark.parametrize("has_scripts", [True, False], ids=["script", "plain"]),
]


def test_from_the_way_in_to_a_city(open_page: OpenPage, size: str, has_scripts: bool) -> None:  # noqa: FBT001
    """The menu leads to the cities and those to a city, which says when the tie was made."""
    page = open_page("/", size=size, has_scripts=has_scripts)
    if size == "phone":
        page.locator(".navigation summary").click()
    page.locator(".navigation a[href='/cities']:visible").click()
    page.locator("main h2 a[href*='hongkou']").click()
    expect(page).to_have_url(re.compile("/page/municipality/hongkou$"))
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("time[datetime='1999-10-21']").first).to_be_visible()
    expect(page.locator("main svg").first).to_be_visible()


def test_the_language_is_switched_and_kept(open_page: OpenPage, size: str, has_scripts: bool) -> None:  # noqa: FBT001
    """The switch shows the same page in another language, and the next page keeps it."""
    page = open_page("/page/municipality/hongkou", size=size, has_scripts=has_scripts)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.locator(".languages a", has_text="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("Hongkou")
    page.locator("main a[href*='/page/exchange/']").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".languages a", has_text="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_exchanges_are_filtered(open_page: OpenPage, size: str, has_scripts: bool) -> None:  # noqa: FBT001
    """A facet narrows the list, the address says so, and choosing it again widens the list."""
    page = open_page("/exchanges", size=size, has_scripts=has_scripts)
    facets = page.locator(".facets")
    everything = page.get_by_role("status").inner_text()
    expect(page.locator("ul.exchanges > li")).to_have_count(30)
    chosen = facets.locator("a[href*='city=hebi']")
    if not chosen.is_visible():
        facets.locator("summary").first.click()
    number = int(chosen.locator(".subtle").inner_text())
    chosen.click()
    expect(page).to_have_url(re.compile("city=hebi"))
    expect(page.locator("ul.exchanges > li")).to_have_count(number)
    page.locator(".facets a[aria-current]").click()
    expect(page.get_by_role("status")).to_have_text(everything)


def test_words_are_searched(open_page: OpenPage, size: str, has_scripts: bool) -> None:  # noqa: FBT001
    """The box finds a city by another of its names, shows the match and leads to it."""
    page = open_page("/", size=size, has_scripts=has_scripts)
    page.locator("input[name=q]:visible").first.fill("虹口")
    page.locator("input[name=q]:visible").first.press("Enter")
    expect(page.locator("ol.found mark").first).to_have_text("虹口")
    page.locator("ol.found a").first.click()
    expect(page).to_have_url(re.compile("/page/municipality/hongkou"))


def test_a_footnote_leads_to_the_words_and_back(open_page: OpenPage, size: str, has_scripts: bool) -> None:  # noqa: FBT001
    """From a fact to its footnote, on to the page as printed with the words highlighted, and back to the fact."""
    page = open_page("/page/municipality/hongkou", size=size, has_scripts=has_scripts)
    page.locator(".facts .note-mark a").first.click()
    note = page.locator(".notes li:target")
    expect(note).to_be_in_viewport()
    quoted = note.locator("q mark").inner_text()
    note.locator("a[href*='mark=']").first.click()
    marked = page.locator("ol.printed mark")
    expect(marked.first).to_be_in_viewport()
    assert quoted == "".join(marked.all_inner_texts())
    page.go_back()
    page.locator(".notes li:target a[href^='#mark-']").click()
    expect(page.locator(".note-mark a:target").or_(page.locator(".note-mark:target"))).to_be_in_viewport()
