"""Who may do what: tokens, as bearer tokens (RFC 6750) or passwords (RFC 7617), and the audit record of their use."""

from __future__ import annotations

from base64 import b64decode

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
    secret = _secret(request.headers.get("Authorization", ""))
    token = site.tokens.find(secret) if secret else None
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


def _secret(authorization: str) -> str:
    """Return the secret that the header field carries: a bearer token, or a password under any user name."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic" or _is_sent_by_another_site():
        return ""
    try:
        return b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _is_sent_by_another_site() -> bool:
    """Tell whether a page of another site made the request.

    A browser that knows a password sends it along with whatever any page asks for; it does not do so with a token.
    """
    relation = request.headers.get("Sec-Fetch-Site")
    if relation is not None:
        return relation not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


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
            ko="토큰을 Authorization: Bearer 헤더에 넣거나 Basic 인증의 비밀번호로 보내십시오(kg token create).",
            en="Send one as Authorization: Bearer, or as the password of Basic authentication (kg token create).",
        ),
    )
