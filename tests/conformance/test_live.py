"""The suites against a live server: all comes out as ``expected.json`` lists it."""

import os

import pytest

from conformance.expected import read_expected, skips, surprises
from conformance.manifest import read_tests
from conformance.server import Addresses
from conformance.suite_run import Subject, run_tests
from conformance.suites import suites_root

ROOT = suites_root()
ENDPOINT = os.environ.get("KG_CONFORMANCE_ENDPOINT", "")


@pytest.mark.conformance
@pytest.mark.skipif(ROOT is None, reason="the W3C suites are not here: set KG_SHARED")
@pytest.mark.skipif(not ENDPOINT, reason="no server is named: set KG_CONFORMANCE_ENDPOINT")
def test_everything_comes_out_as_listed() -> None:
    """A listed failure that passes is as much a surprise as a failure that is not listed."""
    assert ROOT
    environment = os.environ
    addresses = Addresses(ENDPOINT, ENDPOINT, environment["KG_CONFORMANCE_GRAPH_STORE"])
    port = int(environment.get("KG_CONFORMANCE_SERVICE_PORT", "0"))
    subject = Subject(addresses, environment.get("KG_CONFORMANCE_TOKEN"), service_port=port)
    expected = read_expected()
    results = list(run_tests(read_tests(ROOT), subject, skips(expected)))
    assert "\n".join(surprises(results, expected)) == ""
