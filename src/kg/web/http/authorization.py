"""Who may do what: tokens, as bearer tokens (RFC 6750) or passwords (RFC 7617), and the audit record of their use."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from kg.auth import AccessToken, TokenStore, Use
from kg.domain import DamagedFileError, ForbiddenError, KgError, UnauthorizedError
from kg.locales import Message
from kg.web.http.protocol import UPDATE_TYPE, media_type_of
from kg.web.site import current_site

SCOPE = "kg.scope"
"""Where the application finds the scope that a request lacks; its body was not received."""

_USE = "kg_use"
_VERSION = "kg_version_made"
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


Guard = Callable[[Mapping[str, str], str], bool]
"""Tells whether header fields carry a token for a scope."""


@dataclass(frozen=True)
class Judgement:
    """What is to be said of a request that needs a scope: its token, if it has a known one, and why it is refused."""

    token: AccessToken | None
    scope: str
    refusal: KgError | None


def judge(tokens: TokenStore, fields: Mapping[str, str], scope: str, now: datetime) -> Judgement:
    """Judge whether the header fields of a request carry a token for a scope.

    :raises DamagedFileError: the tokens cannot be read
    """
    secret = _secret(fields)
    token = tokens.find(secret) if secret else None
    return Judgement(token, scope, _refusal(token, scope, now))


def _refusal(token: AccessToken | None, scope: str, now: datetime) -> KgError | None:
    if token is None:
        return _unauthorized(Message("token.needed"))
    if token.is_expired(now):
        return _unauthorized(Message("token.expired", time=token.expires))
    if token.allows(scope):
        return None
    return ForbiddenError(
        Message("token.scope", scope=token.scope),
        cure=Message("token.scope_cure", scope=scope),
    )


def scope_needed(method: str, door: str, fields: Mapping[str, str]) -> str:
    """Return the scope without which a request is refused whatever its body says; nothing where the body decides.

    >>> scope_needed("PUT", "graphs", {}), scope_needed("GET", "graphs", {})
    ('write', '')
    >>> scope_needed("POST", "sparql", {"content-type": "application/sparql-update"})
    'write'
    """
    if door == "graphs" and method in _CHANGING:
        return "write"
    is_update = door == "sparql" and method == "POST" and media_type_of(fields.get("content-type"))[0] == UPDATE_TYPE
    return "write" if is_update else ""


def token_guard(tokens: TokenStore) -> Guard:
    """Return what tells whether header fields carry a token for a scope, now."""

    def is_authorized(fields: Mapping[str, str], scope: str) -> bool:
        try:
            return judge(tokens, fields, scope, datetime.now(UTC)).refusal is None
        except DamagedFileError:
            return False

    return is_authorized


def anybody(_fields: Mapping[str, str], _scope: str) -> bool:
    """Let every request through, to be judged once its body is received."""
    return True


def require(scope: str) -> AccessToken:
    """Return the token of the request; its use is recorded, whatever comes of it.

    :raises UnauthorizedError: there is none, nobody knows it, or its time is over
    :raises ForbiddenError: it does not allow this
    :raises DamagedFileError: the tokens cannot be read
    """
    site = current_site()
    fields = {name.lower(): value for name, value in request.headers}
    judgement = judge(site.tokens, fields, scope, site.clock())
    g.setdefault(_USE, judgement)
    if judgement.refusal:
        raise judgement.refusal
    if judgement.token is None:
        raise AssertionError("a request without a token is refused")
    return judgement.token


def refuse_unreceived() -> None:
    """Refuse a request whose body was not received, for it lacked a scope.

    :raises KgError: always
    """
    scope = request.environ.get(SCOPE)
    if scope:
        require(scope)
        raise _unauthorized(Message("token.changed"))


def _secret(fields: Mapping[str, str]) -> str:
    """Return the secret that the header fields carry: a bearer token, or a password under any user name."""
    scheme, _, credentials = fields.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic" or _is_sent_by_another_site(fields):
        return ""
    try:
        return b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _is_sent_by_another_site(fields: Mapping[str, str]) -> bool:
    """Tell whether a page of another site made the request.

    A browser that knows a password sends it along with whatever any page asks for; it does not do so with a token.
    """
    relation = fields.get("sec-fetch-site", "")
    if relation:
        return relation not in ("same-origin", "none")
    origin = fields.get("origin", "")
    return bool(origin) and origin.partition("://")[2] != fields.get("host", "")


def made(number: int) -> None:
    """Have the audit record tell which version the request made."""
    g.setdefault(_VERSION, number)


def record_uses(app: Flask) -> None:
    """Record each use of a token, and each request that was refused for want of one, when its answer is known."""

    def record(response: Response) -> Response:
        judgement: Judgement | None = g.get(_USE)
        if judgement:
            try:
                current_site().audit.add(_use(judgement, response.status_code))
            except OSError:  # what was done is done, and must be told as done
                app.logger.exception("The audit record cannot be written")
        return response

    app.after_request(record)


def _use(judgement: Judgement, status: int) -> Use:
    return Use(
        time=current_site().clock().isoformat(timespec="seconds"),
        token=judgement.token.name if judgement.token else "",
        method=request.method,
        path=request.path,
        scope=judgement.scope,
        status=status,
        version=g.get(_VERSION),
        client=request.remote_addr or "",
    )


def _unauthorized(what: Message) -> UnauthorizedError:
    return UnauthorizedError(
        what,
        cure=Message("token.cure"),
    )
