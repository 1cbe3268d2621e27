"""The suites against a live server: all comes out as ``expected.json`` lists it."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from conformance.expected import listed_among, read_expected, skips, surprises
from conformance.live_server import named_subject, own_subject
from conformance.manifest import read_tests
from conformance.suite_run import Subject, run_insertion_tests, run_tests
from conformance.suites import suites_root

ROOT = suites_root()

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(ROOT is None, reason="the W3C suites are not here: set TEST_SHARED"),
    pytest.mark.skipif(find_spec("kg.cli.commands") is None, reason="there is no kg command to serve with"),
]


@pytest.fixture
def subject(tmp_path: Path) -> Iterator[Subject]:
    """Hand over the server that the environment names, or our own."""
    named = named_subject(os.environ)
    if named:
        yield named
    else:
        with own_subject(tmp_path / "store") as own:
            yield own


def test_everything_comes_out_as_listed(subject: Subject) -> None:
    """A listed failure that passes is as much a surprise as a failure that is not listed."""
    expected = read_expected()
    told = list(surprises(run_tests(read_tests(ROOT or Path()), subject, skips(expected)), expected))
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_solutions_are_inserted_as_listed(subject: Subject) -> None:
    """A test that selects solutions comes out the same as ``INSERT … WHERE``."""
    expected = read_expected()
    results = list(run_insertion_tests(read_tests(ROOT or Path()), subject, skips(expected)))
    told = list(surprises(results, listed_among(results, expected)))
    if told:
        pytest.fail("\n".join(told), pytrace=False)
