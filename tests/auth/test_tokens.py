import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kg.auth import TokenStore, expiry
from kg.domain import RequestError, StoreError

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_a_secret_is_found_and_kept_nowhere(tmp_path: Path) -> None:
    """The secret opens, and only its hash is on disk, in a file for its owner alone."""
    tokens = TokenStore(tmp_path)
    secret = tokens.create("office", "write", "2026-01-01")
    found = TokenStore(tmp_path).find(secret)
    assert found
    assert (found.name, found.scope) == ("office", "write")
    assert secret not in (tmp_path / "tokens.json").read_text()
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert tokens.find("kg_wrong") is None
    assert tokens.find("") is None


def test_a_revoked_token_is_worth_nothing(tmp_path: Path) -> None:
    """Revoking is seen at once by another opener of the file."""
    tokens, other = TokenStore(tmp_path), TokenStore(tmp_path)
    secret = tokens.create("a", "write", "")
    tokens.create("b", "write", "")
    assert other.find(secret)
    tokens.revoke("a")
    assert other.find(secret) is None
    assert [token.name for token in other.listed()] == ["b"]


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    """A name is used once, a scope is one of ours, and only what is there is revoked."""
    tokens = TokenStore(tmp_path)
    tokens.create("a", "write", "")
    with pytest.raises(StoreError, match="taken"):
        tokens.create("a", "write", "")
    with pytest.raises(StoreError, match="no scope"):
        tokens.create("b", "admin", "")
    with pytest.raises(StoreError, match="no scope 'admin'"):
        tokens.create("b", "write admin", "")
    with pytest.raises(StoreError, match="no scope ''"):
        tokens.create("b", "", "")
    with pytest.raises(StoreError, match="no token"):
        tokens.revoke("c")


def test_a_token_may_have_several_scopes(tmp_path: Path) -> None:
    """It allows each of them, and no other."""
    secret = TokenStore(tmp_path).create("a", "write operate", "")
    token = TokenStore(tmp_path).find(secret)
    assert token
    assert [scope for scope in ("write", "moderate", "operate") if token.allows(scope)] == ["write", "operate"]


def test_a_file_of_the_first_program_is_read_on(tmp_path: Path) -> None:
    """Tokens that were kept with one scope and no end stay good, beside new ones."""
    secret = TokenStore(tmp_path).create("old", "write", "2026-01-01")
    kept = json.loads((tmp_path / "tokens.json").read_text())
    del kept[0]["expires"]
    (tmp_path / "tokens.json").write_text(json.dumps(kept))
    tokens = TokenStore(tmp_path)
    tokens.create("new", "moderate", "2026-01-02")
    found = tokens.find(secret)
    assert found
    assert found.allows("write")
    assert not found.is_expired(NOW + timedelta(days=10_000))
    assert [token.scope for token in tokens.listed()] == ["write", "moderate"]


def test_a_token_ends(tmp_path: Path) -> None:
    """It is good until the very second, and known for what it was after that."""
    secret = TokenStore(tmp_path).create("a", "write", "", expiry("30d", NOW))
    token = TokenStore(tmp_path).find(secret)
    assert token
    assert not token.is_expired(NOW + timedelta(days=30, seconds=-1))
    assert token.is_expired(NOW + timedelta(days=30))


@pytest.mark.parametrize("text", ["", "30", "0d", "d", "-3d", "2026-11-21", "2026-13-01", "99999d" * 2, "tomorrow"])
def test_what_is_no_end_is_refused(text: str) -> None:
    """An end is a number of days, or a day that is not over."""
    with pytest.raises(RequestError, match="30d"):
        expiry(text, NOW)


def test_a_day_is_good_until_it_is_over() -> None:
    """Today is not over yet."""
    assert expiry("2026-11-22", NOW) == datetime(2026, 11, 23, tzinfo=UTC)
