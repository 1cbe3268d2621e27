"""Takes pictures of every kind of page: ``make screenshots``."""

import argparse
import itertools
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from browser.chromium import SIZES, launch
from browser.page_kinds import page_kinds, read_content
from kg.settings import Settings
from kg.web.languages.language import LANGUAGES

THEMES = ("light", "dark")


def main() -> None:
    """Take them of the server at an address, into a folder."""
    parser = argparse.ArgumentParser(prog="browser", description=__doc__)
    parser.add_argument("address", help="where the server is, such as http://localhost:8000")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="", help="addresses that contain this")
    asked = parser.parse_args()
    addresses = [one for one in page_kinds(read_content(Settings.from_environment(os.environ).store)) if asked.only in one]
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size, language in itertools.product(SIZES, LANGUAGES):
            with browser.new_context(base_url=asked.address, **SIZES[size]) as session:
                page = session.new_page()
                for address in addresses:
                    take(page, address, language.code, f"{size}-{language.code}", asked.out)


def take(page: Page, address: str, language: str, manner: str, folder: Path) -> None:
    """Take a page in light and in dark."""
    path, _, fragment = address.partition("#")
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}#{fragment}")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # it is one of the two
        file = folder / f"{name_of(address)}-{manner}-{theme}.png"
        page.screenshot(path=file, full_page=True)
        sys.stdout.write(f"{file}\n")


def name_of(address: str) -> str:
    """Return an address as a file name."""
    return "".join(one if one.isalnum() else "-" for one in address).strip("-")[:80] or "home"


if __name__ == "__main__":
    main()
