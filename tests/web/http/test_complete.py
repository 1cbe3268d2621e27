import gzip
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kg.store import Store, Version
from kg.web.http.complete_response import ENCODINGS, Validators, complete, states_named
from signing import published

DECODERS = {"zstd": zstandard.decompress, "br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


@given(st.binary(max_size=3000), st.sampled_from(["", *ENCODINGS, "gzip, br;q=0.5", "*", "identity"]))
def test_an_answer_is_what_it_says(body: bytes, accept_encoding: str) -> None:
    """Length and digest are those of the bytes sent, and decoded they are the body."""
    answer = complete(body, "text/csv", None, accept_encoding)
    fields = dict(answer.fields)
    assert len(fields) == len(answer.fields)
    assert fields["content-length"] == str(len(answer.body))
    assert fields["repr-digest"] == f"sha-256=:{b64encode(sha256(answer.body).digest()).decode()}:"
    assert DECODERS[fields.get("content-encoding", "identity")](answer.body) == body


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Publish a version."""
    return published(Store(tmp_path_factory.mktemp("complete")), b"")


def tags(version: Version, *bodies: bytes, key: str = "a", variant: str = "") -> set[str]:
    """Return the tags of answers in every coding."""
    validators = Validators(version, key, variant)
    answers = [complete(body, "text/csv", validators, coding) for body in bodies for coding in ("", *ENCODINGS)]
    assert all(answer.etag == dict(answer.fields)["etag"] for answer in answers)
    return {answer.etag for answer in answers}


def test_a_tag_names_the_bytes(version: Version) -> None:
    """A strong tag is of one version, one question, one format, one coding and the very bytes."""
    bodies = (b"x" * 5000, b"y" * 5000)
    found = [tags(version, body, key=key, variant=variant) for body in bodies for key in "ab" for variant in "cd"]
    assert len(set().union(*found)) == len(bodies) * 2 * 2 * 4


def test_a_copy_is_matched_among_several(version: Version) -> None:
    """A client may name many tags, weakly too; one of the same state and variant counts, whatever its bytes."""
    validators = Validators(version, "a", "ttl")
    for body in (b"one order", b"another order"):
        etag = complete(body, "text/turtle", validators, None).etag
        matched = validators.matched(f'"x", W/{etag}, "y"')
        assert matched
        assert (matched.status, matched.etag, matched.body) == (304, etag, b"")
        assert dict(matched.fields)["etag"] == etag
        assert Validators(version, "a", "nt").matched(etag) is None
        assert Validators(version, "b", "ttl").matched(etag) is None
    assert validators.matched('"x"') is None
    assert validators.matched("") is None


def test_a_state_is_the_same_in_every_format(version: Version) -> None:
    """The tag of any format names the state of what was read; a weak one names none."""
    found = {Validators(version, "a", variant).state for variant in ("ttl", "nt")}
    assert len(found) == 1
    etags = [next(iter(tags(version, b"x", variant=variant))) for variant in ("ttl", "nt")]
    assert states_named(", ".join(etags)) == found
    assert states_named(f'W/{etags[0]}, "version-1"') == set()


def test_a_store_made_anew_has_other_tags(tmp_path: Path) -> None:
    """A version of the same number and content in another store is another version."""
    one, other = (published(Store(tmp_path / name), b"", {"made": name}) for name in "ab")
    assert one.number == other.number
    assert tags(one, b"x").isdisjoint(tags(other, b"x"))
