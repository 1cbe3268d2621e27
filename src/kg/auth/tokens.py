"""Access tokens with scopes; only their hashes are stored."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kg.domain import DamagedFileError, RequestError, StoreError
from kg.locales import Message
from kg.store import exclusive_lock, replace_file

SCOPES = ("write", "moderate", "operate")
"""Scopes to change the graph; to restore and pin versions; to take backups and read the audit log."""

_LOG = logging.getLogger(__name__)
_DAYS = re.compile(r"(\d{1,5})d\Z")


@dataclass(frozen=True)
class AccessToken:
    """A stored token: its name, space-separated scopes, times of creation and expiry, and hash.

    Both times are ISO 8601; ``expires`` is empty for a token that does not expire.
    """

    name: str
    scope: str
    created: str
    sha256: str
    expires: str = ""

    def allows(self, scope: str) -> bool:
        """Return whether the token has a scope.

        >>> AccessToken("a", "write moderate", "", "").allows("moderate")
        True
        """
        return scope in self.scope.split()

    def is_expired(self, now: datetime) -> bool:
        """Return whether the token has expired.

        >>> AccessToken("a", "write", "", "", "2026-01-31T00:00:00+00:00").is_expired(datetime(2026, 1, 31, tzinfo=UTC))
        True
        """
        return bool(self.expires) and datetime.fromisoformat(self.expires) <= now


class TokenStore:
    """The tokens of a store, in a file that only its owner can read."""

    def __init__(self, store: Path) -> None:
        """Take the store's directory; the first token creates the file."""
        self._file = store / "tokens.json"
        self._kept: tuple[tuple[int, int], tuple[AccessToken, ...] | None] | None = None

    def create(self, name: str, scope: str, created: str, expires: datetime | None = None) -> str:
        """Create a token and return its secret, which is not stored.

        :raises StoreError: the name is taken, or there is no such scope
        """
        for unknown in [one for one in scope.split() or [scope] if one not in SCOPES]:
            what = Message("token.unknown_scope", scope=unknown)
            raise StoreError(what, cure=Message("token.unknown_scope_cure", scopes=", ".join(SCOPES)))
        secret = f"kg_{secrets.token_urlsafe(32)}"
        with self._locked():
            kept = self.listed()
            if any(token.name == name for token in kept) or not name:
                raise StoreError(Message("token.name_taken", name=name), cure=Message("token.name_taken_cure"))
            ends = expires.isoformat(timespec="seconds") if expires else ""
            self._write((*kept, AccessToken(name, scope, created, _hash(secret), ends)))
        return secret

    def listed(self) -> tuple[AccessToken, ...]:
        """Return the tokens in order of creation.

        :raises DamagedFileError: the file is damaged; the log names it
        """
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return ()
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._kept is None or self._kept[0] != stamp:
            self._kept = (stamp, self._read())
        if self._kept[1] is None:
            raise _damaged()
        return self._kept[1]

    def damaged(self) -> tuple[str, ...]:
        """Return the name of the file in a tuple if it is damaged, else an empty tuple."""
        try:
            self.listed()
        except DamagedFileError:
            return (self._file.name,)
        return ()

    def _read(self) -> tuple[AccessToken, ...] | None:
        """Read the file; log why it is damaged, and return None."""
        try:
            entries = json.loads(self._file.read_bytes())
            return tuple(map(_token, entries if isinstance(entries, list) else [entries]))
        except (OSError, ValueError, TypeError, RecursionError) as error:
            _LOG.error("%s is damaged: %s: %s", self._file, type(error).__name__, error)
            return None

    def revoke(self, name: str) -> None:
        """Revoke a token.

        :raises StoreError: there is no token of that name
        """
        with self._locked():
            kept = self.listed()
            if all(token.name != name for token in kept):
                raise StoreError(Message("token.missing", name=name), cure=Message("token.missing_cure"))
            self._write(tuple(token for token in kept if token.name != name))

    def find(self, secret: str) -> AccessToken | None:
        """Return the token with that secret, or None, comparing with each in constant time."""
        digest = _hash(secret)
        found = [token for token in self.listed() if hmac.compare_digest(token.sha256, digest)]
        return found[0] if found else None

    def _locked(self) -> AbstractContextManager[None]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        return exclusive_lock(self._file.with_name("tokens.lock"))

    def _write(self, kept: tuple[AccessToken, ...]) -> None:
        content = json.dumps([asdict(token) for token in kept], ensure_ascii=False, indent=2)
        replace_file(self._file, f"{content}\n".encode(), mode=0o600)


def expiry(text: str, now: datetime) -> datetime:
    """Parse the expiry of a token: a number of days (``30d``) or the end of a day (``2027-01-31``, UTC).

    :raises RequestError: it is malformed, or in the past

    >>> expiry("30d", datetime(2026, 1, 1, 12, tzinfo=UTC)), expiry("2026-01-31", datetime(2026, 1, 1, tzinfo=UTC))
    (datetime.datetime(2026, 1, 31, 12, 0, tzinfo=datetime.timezone.utc), datetime.datetime(2026, 2, 1, 0, 0, \
tzinfo=datetime.timezone.utc))
    """
    days = _DAYS.match(text)
    try:
        if days:
            ends = now + timedelta(days=int(days[1]))
        else:
            last = date.fromisoformat(text)
            ends = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        ends = now
    if ends <= now:
        raise RequestError(
            Message("token.expiry_invalid", text=text),
            cure=Message("token.expiry_invalid_cure"),
        )
    return ends


def _token(entry: dict[str, str]) -> AccessToken:
    """Parse a stored token.

    :raises ValueError: it is malformed
    """
    token = AccessToken(**entry)
    if not all(isinstance(value, str) for value in asdict(token).values()):
        raise ValueError(f"{token.name!r} is no token")
    if token.expires and datetime.fromisoformat(token.expires).tzinfo is None:
        raise ValueError(f"{token.expires!r} has no time zone")
    return token


def _damaged() -> DamagedFileError:
    return DamagedFileError(
        Message("token.file_damaged"),
        cure=Message("token.file_damaged_cure"),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
