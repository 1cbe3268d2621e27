"""Every kind of page is accessible (axe-core), fits a phone and speaks one language, in light and in dark."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browser.chromium import SIZES
from browser.page_kinds import Content, page_kinds
from kg.web.languages.language import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", [one.code for one in LANGUAGES])]

AXE = Path(__file__).parents[2] / "src/kg/web/frontend/node_modules/axe-core/axe.min.js"
RUN = """async (rules) => (await axe.run(document, rules ? {runOnly: rules} : {})).violations.map((one) =>
  `${one.id}: ` + one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).slice(0, 3).join(" / "))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map((one) => `${one.tagName}.${one.className} reaches beyond the screen`)"""


@pytest.fixture(scope="module")
def axe() -> str:
    """Read axe-core, which ``make assets`` installs."""
    return AXE.read_text("utf-8")


def faults(page: Page, axe: str, address: str) -> list[str]:
    """Open an address on a phone and return what is wrong with it; the colours are looked at in light and dark."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    found: list[Any] = list(page.evaluate(TOO_WIDE))
    page.evaluate(axe)
    found += page.evaluate(RUN, None)
    page.emulate_media(color_scheme="dark")
    found += (f"dark: {one}" for one in page.evaluate(RUN, ["color-contrast"]))
    return found


@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_violation(
    chromium: Browser, server: str, content: Content, axe: str, language: str, size: str
) -> None:
    """No rule of axe-core is broken on any kind of page, and none is wider than the screen."""
    found: dict[str, list[str]] = {}
    addresses = page_kinds(content)
    with chromium.new_context(base_url=server, reduced_motion="reduce", **SIZES[size]) as session:  # type: ignore[arg-type]
        page = session.new_page()
        for place, address in enumerate(addresses):
            if size == "desktop" and place % len(LANGUAGES) != [one.code for one in LANGUAGES].index(language):
                continue
            path, _, fragment = address.partition("#")
            page_faults = faults(page, axe, f"{path}{'&' if '?' in path else '?'}lang={language}#{fragment}")
            if page_faults:
                found[address] = page_faults
    assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)
