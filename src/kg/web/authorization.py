"""Who may write: bearer tokens (RFC 6750)."""

from __future__ import annotations

from flask import request

from kg.errors import ForbiddenError, Message, UnauthorizedError
from kg.store.tokens import Token
from kg.web.site import current_site


def require(scope: str) -> Token:
    """Return the token of the request.

    :raises UnauthorizedError: there is none, or nobody knows it
    :raises ForbiddenError: it does not allow this
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = current_site().tokens.find(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise UnauthorizedError(
            Message(ko="쓰기에는 유효한 토큰이 필요합니다.", en="Writing needs a valid token."),
            cure=Message(
                ko="Authorization: Bearer 헤더에 토큰을 넣으십시오(kg token create).",
                en="Send one as Authorization: Bearer (kg token create).",
            ),
        )
    if token.scope != scope:
        raise ForbiddenError(
            Message(ko=f"이 토큰의 범위는 {token.scope}입니다.", en=f"This token is for {token.scope!r}."),
            cure=Message(ko=f"범위가 {scope}인 토큰을 쓰십시오.", en=f"Use one for {scope!r}."),
        )
    return token
