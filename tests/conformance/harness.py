"""What the runner holds while it runs the tests against one server."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.federation import Endpoints
from conformance.loading import Loader
from conformance.server import Server


@dataclass
class Harness:
    """The server, what is loaded in it, and the endpoints on loopback that it may ask."""

    server: Server
    loader: Loader
    endpoints: Endpoints
