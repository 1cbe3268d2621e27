from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store.tokens import Tokens


def test_a_secret_is_found_and_kept_nowhere(tmp_path: Path) -> None:
    """The secret opens, and only its hash is on disk, in a file for its owner alone."""
    tokens = Tokens(tmp_path)
    secret = tokens.create("office", "write", "2026-01-01")
    found = Tokens(tmp_path).find(secret)
    assert found
    assert (found.name, found.scope) == ("office", "write")
    assert secret not in (tmp_path / "tokens.json").read_text()
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert tokens.find("kg_wrong") is None
    assert tokens.find("") is None


def test_a_revoked_token_is_worth_nothing(tmp_path: Path) -> None:
    """Revoking is seen at once by another opener of the file."""
    tokens, other = Tokens(tmp_path), Tokens(tmp_path)
    secret = tokens.create("a", "write", "")
    tokens.create("b", "write", "")
    assert other.find(secret)
    tokens.revoke("a")
    assert other.find(secret) is None
    assert [token.name for token in other.listed()] == ["b"]


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    """A name is used once, a scope is one of ours, and only what is there is revoked."""
    tokens = Tokens(tmp_path)
    tokens.create("a", "write", "")
    with pytest.raises(StoreError, match="taken"):
        tokens.create("a", "write", "")
    with pytest.raises(StoreError, match="no scope"):
        tokens.create("b", "admin", "")
    with pytest.raises(StoreError, match="no token"):
        tokens.revoke("c")
