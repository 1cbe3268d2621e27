"""Takes pictures of every kind of page: ``make screenshots``."""

import argparse
import itertools
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from browser.chromium import SIZES, launch
from browser.page_kinds import in_language, page_kinds, read_content
from kg.domain import Settings
from kg.locales import LANGUAGES

MANNERS = tuple(itertools.product(SIZES, (one.code for one in LANGUAGES), ("light", "dark")))


def main() -> None:
    """Take them of the server at an address, into a folder."""
    parser = argparse.ArgumentParser(prog="browser", description=__doc__)
    parser.add_argument("address", help="where the server is, such as http://localhost:8000")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="", help="pages whose address contains this")
    parser.add_argument("--manner", default="", help="manners that contain this, such as phone-ko or dark")
    asked = parser.parse_args()
    addresses = [
        one for one in page_kinds(read_content(Settings.from_environment(os.environ).store)) if asked.only in one
    ]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size, language, theme in MANNERS:
            if asked.manner in f"{size}-{language}-{theme}":
                folder = asked.out / f"{size}-{language}-{theme}"
                take(browser, asked.address, addresses, (size, language, theme), folder)


def take(browser: Browser, server: str, addresses: list[str], manner: tuple[str, str, str], folder: Path) -> None:
    """Take the pages in one size, language and theme."""
    size, language, theme = manner
    folder.mkdir(parents=True, exist_ok=True)
    with browser.new_context(base_url=server, **{**SIZES[size], "color_scheme": theme}) as session:
        page = session.new_page()
        for address in addresses:
            page.goto(in_language(address, language))
            page.screenshot(path=folder / f"{name_of(address)}.png", full_page=True)
    sys.stdout.write(f"{folder}: {len(addresses)}\n")


def name_of(address: str) -> str:
    """Return an address as a file name."""
    return "".join(one if one.isalnum() else "-" for one in address).strip("-")[:80] or "home"


if __name__ == "__main__":
    main()
