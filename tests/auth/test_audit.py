from pathlib import Path

from kg.auth import AccessToken, Audit, Use


def use(number: int, name: str = "office", path: str = "/sparql") -> Use:
    """Make a use, told from others by its time."""
    return Use(f"2026-01-01T00:00:{number:02}+00:00", name, "POST", path, "write", 204, number)


def test_each_use_is_a_line(tmp_path: Path) -> None:
    """What was added is there, in order, in a file for its owner alone."""
    audit = Audit(tmp_path / "store")
    audit.add(use(1))
    Audit(tmp_path / "store").add(use(2, path="/graphs/서초\n"))
    assert list(audit.uses()) == [use(1), use(2, path="/graphs/서초\n")]
    assert (tmp_path / "store" / "audit.jsonl").stat().st_mode & 0o777 == 0o600


def test_the_record_is_bounded(tmp_path: Path) -> None:
    """What is kept is the latest, without a gap, in two files that do not outgrow their size."""
    audit = Audit(tmp_path, most_bytes=600)
    for number in range(40):
        audit.add(use(number, path="/" * 5000 if number == 20 else "/sparql"))
    kept = [one.version for one in audit.uses()]
    assert kept == list(range(40 - len(kept), 40))
    assert 2 < len(kept) < 20
    assert all(file.stat().st_size <= 700 for file in tmp_path.glob("audit.jsonl*"))
    assert (tmp_path / "audit.jsonl.1").stat().st_mode & 0o777 == 0o600


def test_a_line_cut_short_costs_no_other(tmp_path: Path) -> None:
    """After a crash in the middle of a line, the next one is whole."""
    audit = Audit(tmp_path)
    audit.add(use(1))
    with (tmp_path / "audit.jsonl").open("a") as file:
        file.write('{"time": "2026')
    audit.add(use(2))
    assert [one.version for one in audit.uses()] == [1, 2]


def test_the_last_use_is_that_of_the_token_that_is(tmp_path: Path) -> None:
    """A token that was revoked and made again has not been used yet."""
    audit = Audit(tmp_path)
    for number in (1, 5, 3):
        audit.add(use(number))
    audit.add(use(7, "other"))
    made = AccessToken("office", "write", "2026-01-01T00:00:00+00:00", "")
    remade = AccessToken("office", "write", "2026-01-01T00:00:06+00:00", "")
    assert audit.last_uses((made,)) == {"office": use(3).time}
    assert audit.last_uses((remade,)) == {}
