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

from kg.domain import DamagedFileError, Message, RequestError, StoreError
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
            ko, en = f"없는 범위입니다: {unknown}.", f"There is no scope {unknown!r}."
            raise _refused(ko, en, " or ".join(SCOPES), ", ".join(SCOPES))
        secret = f"kg_{secrets.token_urlsafe(32)}"
        with self._locked():
            kept = self.listed()
            if any(token.name == name for token in kept) or not name:
                en = f"The name {name!r} is taken."
                raise _refused(f"이미 있는 이름입니다: {name}.", en, "another name", "다른 이름")
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
                raise _refused(f"그런 토큰이 없습니다: {name}.", f"There is no token {name!r}.", "kg token list")
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
            Message(ko=f"만료 시점으로 쓸 수 없습니다: {text}.", en=f"A token cannot end at {text!r}."),
            cure=Message(
                ko="30d(30일 뒤) 또는 2027-01-31처럼 앞으로 올 날을 쓰십시오.",
                en="Give days, as in 30d, or a day to come, as in 2027-01-31.",
            ),
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
        Message(
            ko="토큰 파일이 손상되어 토큰을 확인할 수 없습니다.", en="The tokens cannot be read: their file is damaged."
        ),
        cure=Message(
            ko="운영자는 서버의 기록에 적힌 파일을 백업에서 되돌리거나, 지우고 토큰을 다시 만드십시오.",
            en="Operators: restore the file that the log names from a backup, or remove it and make new tokens.",
        ),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _refused(ko: str, en: str, cure: str, cure_ko: str = "") -> StoreError:
    return StoreError(Message(ko=ko, en=en), cure=Message(ko=f"다음을 쓰십시오: {cure_ko or cure}", en=f"Use {cure}."))
