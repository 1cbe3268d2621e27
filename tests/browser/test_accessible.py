"""Every kind of page is accessible (axe-core) in every language, in light and in dark, and fits its screen."""

import itertools
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.chromium import SIZES
from browser.page_kinds import Content, in_language, page_kinds
from kg.locales import LANGUAGES

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "src/kg/web/frontend/node_modules/axe-core/axe.min.js"
CODES = [one.code for one in LANGUAGES]
RUN = """async (rules) => {
  const { violations } = await axe.run(document, rules ? { runOnly: rules } : {});
  const said = (node) => `${node.target.join(" ")}: ${node.failureSummary}`;
  return violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map(said).join(" / ")}`);
}"""
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const beyond = (one) => one.getBoundingClientRect().right > clientWidth + 1;
  const found = [...document.querySelectorAll("body *")].filter(beyond).slice(0, 3);
  return scrollWidth <= clientWidth ? [] : ["wider than the screen", ...found.map((one) => one.outerHTML.slice(0, 90))];
}"""


def faults(page: Page, address: str) -> list[str]:
    """Open an address and return what is wrong with it; the colours are looked at in light and in dark."""
    page.emulate_media(color_scheme="light")
    page.goto(address, wait_until="networkidle" if "query=" in address else "load")  # an answer comes later
    found: list[str] = page.evaluate(TOO_WIDE)
    page.evaluate(AXE.read_text("utf-8"))
    found += page.evaluate(RUN, None)
    page.emulate_media(color_scheme="dark")
    found += (f"dark: {one}" for one in page.evaluate(RUN, ["color-contrast"]))
    return found


@pytest.mark.parametrize(("size", "code"), list(itertools.product(SIZES, CODES)))
def test_no_page_has_a_violation(chromium: Browser, server: str, content: Content, size: str, code: str) -> None:
    """Each kind of page in each language on a phone; on a desktop, each in one of the languages."""
    found: dict[str, list[str]] = {}
    with chromium.new_context(base_url=server, **SIZES[size]) as session:
        page = session.new_page()
        for place, address in enumerate(page_kinds(content)):
            if size == "phone" or CODES[place % len(CODES)] == code:
                found[address] = faults(page, in_language(address, code))
    wrong = {address: said for address, said in found.items() if said}
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)
