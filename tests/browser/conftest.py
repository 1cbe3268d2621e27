"""One Chromium and one server for all tests in a browser; every page is watched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from browser.chromium import DESKTOP, SIZES, launch
from browser.page_kinds import Content, read_content
from kg.web.http.security import CONTENT_SECURITY_POLICY

_REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium writes of itself wherever an answer is an error: no fault of the page."""
_WITH_A_POLICY_OF_ITS_OWN = "/sparql"

OpenPage = Callable[..., Page]


@dataclass
class Watch:
    """What went wrong beside what a test looks at: faults of scripts, requests elsewhere, a lax policy."""

    server: str
    faults: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> BrowserContext:
        """Watch all pages of a context."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("request", lambda request: self._follow(request.url))
        context.on("response", self._read)
        return context

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_REFUSED):
            self.faults.append(message.text)

    def _follow(self, address: str) -> None:
        if not address.startswith((self.server, "data:", "blob:")):
            self.faults.append(f"a request to {address}")

    def _read(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.headers.get("content-type", "").startswith("text/html") and path != _WITH_A_POLICY_OF_ITS_OWN:
            policy = response.headers.get("content-security-policy")
            if policy != CONTENT_SECURITY_POLICY:
                self.faults.append(f"{path} has the policy {policy}")


@pytest.fixture(scope="session")
def content(built_store: Path) -> Content:
    """Read what the site is made of."""
    return read_content(built_store)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the machine."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, server: str) -> Iterator[OpenPage]:
    """Open a path of the server in a browser of one's own: size, language, scheme, with scripts or without."""
    watch = Watch(server)
    contexts: list[BrowserContext] = []

    def opened(
        path: str,
        *,
        size: str = DESKTOP,
        language: str = "ko",
        is_dark: bool = False,
        has_scripts: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=server,
            locale=language,
            color_scheme="dark" if is_dark else "light",
            java_script_enabled=has_scripts,
            permissions=["clipboard-read", "clipboard-write"],
            **SIZES[size],
        )
        contexts.append(watch.on(context))
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not watch.faults
