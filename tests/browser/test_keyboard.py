"""All of it works by keyboard, and shows where one is."""

import pytest
from playwright.sync_api import Page, expect

from browser.chromium import SIZES
from browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("size", SIZES)]

MOST_STOPS = 120
FOCUSED = """() => {
  const one = document.activeElement;
  const shown = one.matches("input[type=radio]") ? one.closest("label") : one;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  return {
    tag: one.tagName,
    href: one.getAttribute("href") ?? "",
    name: one.name ?? "",
    is_shown: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth,
    is_marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none",
  };
}"""
"""Where the focus is, and whether one can see that."""


def stops(page: Page) -> list[dict[str, object]]:
    """Go through a page by the Tab key, from its start until the focus leaves the document."""
    found: list[dict[str, object]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        found.append(stop)
    return found


def test_the_first_stop_skips_to_the_content(open_page: OpenPage, size: str) -> None:
    """The skip link shows itself, and from it the next stop lies in the content."""
    page = open_page("/page/municipality/hongkou", size=size)
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["/", "/exchanges", "/page/municipality/hongkou", "/compare"])
def test_every_stop_can_be_seen(open_page: OpenPage, size: str, path: str) -> None:
    """Wherever the Tab key leads there is something to see, with a ring round it."""
    page = open_page(path, size=size)
    found = stops(page)
    assert len(found) > 15
    assert [stop for stop in found if not (stop["is_shown"] and stop["is_marked"])] == []


def test_menu_theme_and_facets_are_reached(open_page: OpenPage, size: str) -> None:
    """The keys reach the languages, the switch of the theme, the menu, the search and every open facet."""
    page = open_page("/exchanges", size=size)
    if size == "phone":
        page.locator(".navigation summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".navigation details")).to_have_attribute("open", "")
        page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges(); scrollTo(0, 0)")
        page.locator(".skip-link").focus()
    found = stops(page)
    assert "theme" in [stop["name"] for stop in found]
    assert "q" in [stop["name"] for stop in found]
    links = " ".join(str(stop["href"]) for stop in found)
    assert "/cities" in links
    assert "lang=en" in links
    assert "city=hebi" in links


def test_the_theme_is_switched_and_kept(open_page: OpenPage, size: str) -> None:
    """The arrow keys choose light or dark, at once and for the next page."""
    page = open_page("/", size=size)
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.locator("#theme-auto").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#theme-dark")).to_be_checked()
    dark = page.evaluate(background)
    assert dark != light
    page.goto("/exchanges")
    expect(page.locator("#theme-dark")).to_be_checked()
    assert page.evaluate(background) == dark


def test_the_theme_is_switched_without_java_script(open_page: OpenPage, size: str) -> None:
    """The choice then lasts as long as the page."""
    page = open_page("/", size=size, has_scripts=False)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label:has(#theme-dark)").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
