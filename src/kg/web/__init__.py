"""The site and the endpoint: HTTP, the interfaces for programs, the pages for people."""

from kg.web.pages.bundle import read_bundle
from kg.web.server import serve, serve_assistant

__all__ = [
    "read_bundle",
    "serve",
    "serve_assistant",
]
