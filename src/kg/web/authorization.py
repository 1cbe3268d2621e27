"""Who may do what: bearer tokens (RFC 6750), and the audit record of their use."""

from __future__ import annotations

from flask import Flask, Response, g, request

from kg.errors import ForbiddenError, Message, UnauthorizedError
from kg.store.audit import Use
from kg.store.tokens import Token
from kg.web.site import current_site

_USE = "kg_use"
_VERSION = "kg_version_made"


def require(scope: str) -> Token:
    """Return the token of the request; its use is recorded, whatever comes of it.

    :raises UnauthorizedError: there is none, nobody knows it, or its time is over
    :raises ForbiddenError: it does not allow this
    """
    site = current_site()
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = site.tokens.find(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise _unauthorized("유효한 토큰이 필요합니다.", "This needs a valid token.")
    g.setdefault(_USE, (token, scope))
    if token.is_expired(site.clock()):
        raise _unauthorized(f"토큰이 만료되었습니다: {token.expires}.", f"The token ended at {token.expires}.")
    if not token.allows(scope):
        raise ForbiddenError(
            Message(ko=f"이 토큰의 범위는 {token.scope}입니다.", en=f"This token is for {token.scope!r}."),
            cure=Message(ko=f"범위가 {scope}인 토큰을 쓰십시오.", en=f"Use one for {scope!r}."),
        )
    return token


def made(number: int) -> None:
    """Have the audit record tell which version the request made."""
    g.setdefault(_VERSION, number)


def record_uses(app: Flask) -> None:
    """Have each use of a token recorded when its answer is known."""

    def record(response: Response) -> Response:
        used = g.get(_USE)
        if used:
            token, scope = used
            site = current_site()
            time = site.clock().isoformat(timespec="seconds")
            try:
                use = Use(time, token.name, request.method, request.path, scope, response.status_code, g.get(_VERSION))
                site.audit.add(use)
            except OSError:  # what was done is done, and must be told as done
                app.logger.exception("The audit record cannot be written")
        return response

    app.after_request(record)


def _unauthorized(ko: str, en: str) -> UnauthorizedError:
    return UnauthorizedError(
        Message(ko=ko, en=en),
        cure=Message(
            ko="Authorization: Bearer 헤더에 토큰을 넣으십시오(kg token create).",
            en="Send one as Authorization: Bearer (kg token create).",
        ),
    )
