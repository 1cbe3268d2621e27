"""``/mcp``: the MCP server over streamable HTTP, without sessions; each request is answered whole, in JSON."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from kg.domain import BudgetError, NotFoundError
from kg.locales import Message
from kg.web.site import current_site

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

blueprint = Blueprint("assistants", __name__)
Event = MutableMapping[str, Any]
_MORE_SECONDS = 5
"""What is granted beyond the time limit of a query, which answers with a reason."""


@blueprint.post("/mcp")
def mcp() -> Response:
    """Answer a message of an assistant.

    :raises NotFoundError: the extra is not installed
    """
    require_extra()
    from kg.web.assistant_tools import build_server  # noqa: PLC0415 - an extra, which takes a second to import

    site = current_site()
    try:
        seconds = site.settings.query_seconds + _MORE_SECONDS
        return asyncio.run(asyncio.wait_for(_answer(build_server(site)), seconds))
    except TimeoutError as error:
        raise BudgetError(Message("assistant.time"), cure=Message("assistant.time_cure")) from error


def require_extra() -> None:
    """Check that the SDK is installed.

    :raises NotFoundError: it is not
    """
    if not find_spec("mcp"):
        raise NotFoundError(Message("assistant.not_installed"), cure=Message("assistant.not_installed_cure"))


async def _answer(server: MCPServer) -> Response:
    """Pass the request to the ASGI application of the server, and collect its response."""
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - as above

    # the front has checked the host
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    application = server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
    body, response, is_read = request.get_data(), Response(status=500), False

    async def receive() -> Event:
        nonlocal is_read
        if is_read:
            await asyncio.Event().wait()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Event) -> None:
        if event["type"] == "http.response.start":
            response.status_code = event["status"]
            response.headers.update((name.decode(), value.decode()) for name, value in event["headers"])
        else:
            response.data += event.get("body", b"")

    async with server.session_manager.run():
        await application(_scope(), receive, send)
    return response


def _scope() -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
        "server": None,
        "client": None,
    }
