"""On paper: what a reader needs of a page, without what can only be clicked."""

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage

pytestmark = pytest.mark.browser

CLICKED = (".skip-link", ".choices", ".search-box", ".navigation", ".breadcrumb")
AFTER = "one => getComputedStyle(one, '::after').content"


def test_a_city_is_printed(open_page: OpenPage) -> None:
    """Links and footnotes stay, an address elsewhere is written out, dark becomes light; Chromium makes pages of it."""
    page = open_page("/page/municipality/hongkou", is_dark=True)
    for clicked in CLICKED[1:]:
        expect(page.locator(clicked).first).to_be_visible()
    page.emulate_media(media="print")
    for clicked in CLICKED:
        for one in page.locator(clicked).all():
            expect(one).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    marks, notes = page.locator(".main .note-mark a").all(), page.locator(".main .notes li").all()
    assert len(marks) >= len(notes) > 5
    for one in (*marks, *notes):
        expect(one).to_be_visible()
    outside = page.locator(".main a[href^='http']")
    assert outside.count() > 0
    for link in outside.all():
        assert (link.get_attribute("href") or "") in link.evaluate(AFTER)
    assert page.pdf(format="A4").startswith(b"%PDF-")
