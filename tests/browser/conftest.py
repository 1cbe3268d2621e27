from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from browser.chromium import SIZES, launch
from browser.page_kinds import Content, read_content
from kg.web.security import CONTENT_SECURITY_POLICY

WITH_A_POLICY_OF_THEIR_OWN = ("/sparql",)
"""Pages that may load more than the others; their own tests say what."""

Visit = Callable[..., AbstractContextManager[Page]]
"""Opens a page of the site, ``visit(path, size=…, **context)``; no visit may end with a fault in the browser."""


@pytest.fixture(scope="session")
def content(built_store: Path) -> Content:
    """Read what the site is made of."""
    return read_content(built_store)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, which can reach this machine alone."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, server: str) -> Visit:
    """Give what opens pages of the live server and watches the browser while they are open."""

    @contextmanager
    def open_page(path: str, size: str = "desktop", **context: Any) -> Iterator[Page]:
        faults: list[str] = []
        options = {"locale": "ko-KR", "base_url": server, **SIZES[size], **context}
        with chromium.new_context(**options) as session:
            session.set_default_timeout(30_000)
            session.on("console", lambda one: faults.append(one.text) if one.type in {"error", "warning"} else None)
            session.on("weberror", lambda one: faults.append(str(one.error)))
            session.on("request", lambda one: faults.extend(elsewhere(one, server)))
            session.on("response", lambda one: faults.extend(lax(one)))
            page = session.new_page()
            page.goto(path)
            yield page
        assert faults == []

    return open_page


def elsewhere(request: Request, server: str) -> Iterator[str]:
    """Tell of a request that leaves the host."""
    if not request.url.startswith((server, "data:", "blob:")):
        yield f"a request to {request.url}"


def lax(response: Response) -> Iterator[str]:
    """Tell of a page whose policy is not the strict one."""
    path = urlsplit(response.url).path
    if response.request.resource_type == "document" and path not in WITH_A_POLICY_OF_THEIR_OWN:
        policy = response.headers.get("content-security-policy")
        if response.status != 303 and policy != CONTENT_SECURITY_POLICY:
            yield f"{path} has the policy {policy}"
