"""The tokens that let a client write: only their hashes are kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import Message, StoreError
from kg.store.durable import exclusive, replace_file

SCOPES = ("write",)


@dataclass(frozen=True)
class Token:
    """A token as it is kept: its name, what it allows, when it was made (as the caller wrote it), its hash."""

    name: str
    scope: str
    created: str
    sha256: str


class Tokens:
    """The tokens of a store, in a file that only its owner reads."""

    def __init__(self, store: Path) -> None:
        """Name the store's directory; nothing is made before the first token."""
        self._file = store / "tokens.json"
        self._kept: tuple[tuple[int, int], tuple[Token, ...]] | None = None

    def create(self, name: str, scope: str, created: str) -> str:
        """Make a token and return its secret, which is kept nowhere.

        :raises StoreError: the name is taken, or there is no such scope
        """
        if scope not in SCOPES:
            raise _refused(f"없는 범위입니다: {scope}.", f"There is no scope {scope!r}.", "write")
        secret = f"kg_{secrets.token_urlsafe(32)}"
        with self._locked():
            kept = self.listed()
            if any(token.name == name for token in kept) or not name:
                en = f"The name {name!r} is taken."
                raise _refused(f"이미 있는 이름입니다: {name}.", en, "another name", "다른 이름")
            self._write((*kept, Token(name, scope, created, _hash(secret))))
        return secret

    def listed(self) -> tuple[Token, ...]:
        """List the tokens, in the order they were made."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return ()
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._kept is None or self._kept[0] != stamp:
            self._kept = (stamp, tuple(Token(**entry) for entry in json.loads(self._file.read_bytes())))
        return self._kept[1]

    def revoke(self, name: str) -> None:
        """Remove a token; it is worth nothing from now on.

        :raises StoreError: there is no token of that name
        """
        with self._locked():
            kept = self.listed()
            if all(token.name != name for token in kept):
                raise _refused(f"그런 토큰이 없습니다: {name}.", f"There is no token {name!r}.", "kg token list")
            self._write(tuple(token for token in kept if token.name != name))

    def find(self, secret: str) -> Token | None:
        """Return the token with that secret, or None, comparing with each in constant time."""
        digest = _hash(secret)
        found = [token for token in self.listed() if hmac.compare_digest(token.sha256, digest)]
        return found[0] if found else None

    def _locked(self) -> AbstractContextManager[None]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        return exclusive(self._file.with_name("tokens.lock"))

    def _write(self, kept: tuple[Token, ...]) -> None:
        content = json.dumps([asdict(token) for token in kept], ensure_ascii=False, indent=2)
        replace_file(self._file, f"{content}\n".encode(), mode=0o600)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _refused(ko: str, en: str, cure: str, cure_ko: str = "") -> StoreError:
    return StoreError(Message(ko=ko, en=en), cure=Message(ko=f"다음을 쓰십시오: {cure_ko or cure}", en=f"Use {cure}."))
