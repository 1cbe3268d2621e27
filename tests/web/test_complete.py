import gzip
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kg.store.versions import Store, Version
from kg.web.complete import ENCODINGS, Validators, complete
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


def test_each_coding_has_its_tag(version: Version) -> None:
    """A strong tag is of one version, one question and one coding."""
    tags = {Validators(version, key).etag(encoding) for key in "ab" for encoding in ("identity", *ENCODINGS)}
    assert len(tags) == 8
    for encoding in ENCODINGS:
        answer = complete(b"x" * 5000, "text/csv", Validators(version, "a"), encoding)
        assert answer.etag == dict(answer.fields)["etag"] == Validators(version, "a").etag(encoding)


def test_a_copy_is_matched_among_several(version: Version) -> None:
    """A client may name many tags, weakly too; only ours counts."""
    validators = Validators(version, "a")
    matched = validators.matched(f'"x", W/{validators.etag("br")}, "y"')
    assert matched
    assert (matched.status, matched.etag, matched.body) == (304, validators.etag("br"), b"")
    assert validators.matched("*")
    assert validators.matched('"x"') is None
    assert validators.matched("") is None


def test_a_store_made_anew_has_other_tags(tmp_path: Path) -> None:
    """A version of the same number and content in another store is another version."""
    one, other = (published(Store(tmp_path / name), b"", {"made": name}) for name in "ab")
    assert one.number == other.number
    assert Validators(one, "a").etag("identity") != Validators(other, "a").etag("identity")
