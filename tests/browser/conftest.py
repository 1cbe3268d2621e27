"""One Chromium and one server for all tests in a browser; every page is watched."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

DESKTOP, PHONE = (1280, 900), (390, 844)
_OPTIONS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium writes of itself wherever an answer is an error: no fault of the page."""

OpenPage = Callable[..., Page]


@dataclass
class Watch:
    """What went wrong on a page beside what a test looks at: faults of scripts and policy, requests elsewhere."""

    server: str
    faults: list[str] = field(default_factory=list)

    def on(self, page: Page) -> Page:
        """Watch a page."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._follow(request.url))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_REFUSED):
            self.faults.append(message.text)

    def _follow(self, address: str) -> None:
        if not address.startswith((self.server, "data:", "blob:")):
            self.faults.append(f"a request to {address}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the machine."""
    executable = shutil.which("chromium")
    if not executable:
        pytest.skip("there is no chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_OPTIONS))
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
        size: tuple[int, int] = DESKTOP,
        language: str = "ko",
        is_dark: bool = False,
        has_scripts: bool = True,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme="dark" if is_dark else "light",
            java_script_enabled=has_scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = watch.on(context.new_page())
        page.goto(f"{server}{path.removeprefix('/')}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not watch.faults
