"""Debian's Chromium, kept to this machine, in two sizes."""

import os
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
DESKTOP, PHONE = "desktop", "phone"
SIZES: Mapping[str, Mapping[str, Any]] = {
    PHONE: {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    DESKTOP: {"viewport": {"width": 1280, "height": 900}},
}


def launch(playwright: Playwright) -> Browser:
    """Start it; it finds no other host."""
    return playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=list(SWITCHES))
