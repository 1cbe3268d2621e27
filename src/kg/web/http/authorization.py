"""Authorization by token, as a bearer token (RFC 6750) or a password (RFC 7617), and the audit log of its use."""

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
"""The WSGI key of the scope that the request lacks; its body was not received."""

_USE = "kg_use"
_VERSION = "kg_version_made"
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


Guard = Callable[[Mapping[str, str], str], bool]
"""Returns whether header fields carry a token for a scope."""


@dataclass(frozen=True)
class Authorization:
    """The authorization of a request for a scope: its token, if known, and the refusal, if any."""

    token: AccessToken | None
    scope: str
    refusal: KgError | None


def authorize(tokens: TokenStore, fields: Mapping[str, str], scope: str, now: datetime) -> Authorization:
    """Check whether the header fields of a request carry a token for a scope.

    :raises DamagedFileError: the tokens cannot be read
    """
    secret = _secret(fields)
    token = tokens.find(secret) if secret else None
    return Authorization(token, scope, _refusal(token, scope, now))


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


def required_scope(method: str, endpoint: str, fields: Mapping[str, str]) -> str:
    """Return the scope that a request needs whatever its body is; empty if the body decides.

    >>> required_scope("PUT", "graphs", {}), required_scope("GET", "graphs", {})
    ('write', '')
    >>> required_scope("POST", "sparql", {"content-type": "application/sparql-update"})
    'write'
    """
    if endpoint == "graphs" and method in _CHANGING:
        return "write"
    is_update = (
        endpoint == "sparql" and method == "POST" and media_type_of(fields.get("content-type"))[0] == UPDATE_TYPE
    )
    return "write" if is_update else ""


def token_guard(tokens: TokenStore) -> Guard:
    """Return a guard that checks header fields against the tokens."""

    def is_authorized(fields: Mapping[str, str], scope: str) -> bool:
        try:
            return authorize(tokens, fields, scope, datetime.now(UTC)).refusal is None
        except DamagedFileError:
            return False

    return is_authorized


def allow_all(_fields: Mapping[str, str], _scope: str) -> bool:
    """Allow every request; the endpoint checks it after its body is received."""
    return True


def require(scope: str) -> AccessToken:
    """Return the token of the request; its use is logged in any case.

    :raises UnauthorizedError: it is missing, unknown or expired
    :raises ForbiddenError: it lacks the scope
    :raises DamagedFileError: the tokens cannot be read
    """
    site = current_site()
    fields = {name.lower(): value for name, value in request.headers}
    authorization = authorize(site.tokens, fields, scope, site.clock())
    g.setdefault(_USE, authorization)
    if authorization.refusal:
        raise authorization.refusal
    if authorization.token is None:
        raise AssertionError("a request without a token is refused")
    return authorization.token


def refuse_unreceived() -> None:
    """Refuse a request whose body was not received because it lacked a scope.

    :raises KgError: always
    """
    scope = request.environ.get(SCOPE)
    if scope:
        require(scope)
        raise _unauthorized(Message("token.changed"))


def _secret(fields: Mapping[str, str]) -> str:
    """Return the secret in the header fields: a bearer token, or a password with any user name."""
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
    """Return whether the request is cross-site.

    A browser attaches a stored password to the requests of any page, but not a bearer token.
    """
    relation = fields.get("sec-fetch-site", "")
    if relation:
        return relation not in ("same-origin", "none")
    origin = fields.get("origin", "")
    return bool(origin) and origin.partition("://")[2] != fields.get("host", "")


def set_committed_version(number: int) -> None:
    """Set the version that the audit log names for the request."""
    g.setdefault(_VERSION, number)


def log_token_uses(app: Flask) -> None:
    """Log each use of a token, and each request refused without one, after the response."""

    def record(response: Response) -> Response:
        authorization: Authorization | None = g.get(_USE)
        if authorization:
            try:
                current_site().audit.add(_use(authorization, response.status_code))
            except OSError:  # the update is committed, and must be acknowledged
                app.logger.exception("The audit record cannot be written")
        return response

    app.after_request(record)


def _use(authorization: Authorization, status: int) -> Use:
    return Use(
        time=current_site().clock().isoformat(timespec="seconds"),
        token=authorization.token.name if authorization.token else "",
        method=request.method,
        path=request.path,
        scope=authorization.scope,
        status=status,
        version=g.get(_VERSION),
        client=request.remote_addr or "",
    )


def _unauthorized(what: Message) -> UnauthorizedError:
    return UnauthorizedError(
        what,
        cure=Message("token.cure"),
    )
