"""Runs the W3C suites against a server and prints the totals: our own, started for the run, unless one is named.

``PYTHONPATH=tests python -m conformance --earl report.ttl``, or against any other: ``--endpoint ADDRESS --graph-store
ADDRESS [--update-endpoint ADDRESS] [--token SECRET]``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.earl import Product, earl_report
from conformance.expected import Expectations, listed_among, read_expected, skips, surprises
from conformance.live_server import own_subject
from conformance.loading import STRATEGIES
from conformance.manifest import read_tests
from conformance.outcome import Result
from conformance.report import as_json, failures, total, totals
from conformance.server import Addresses
from conformance.suite_run import Subject, run_insertion_tests, run_tests
from conformance.suites import suites_root
from kg.build import program_code

RUNNER = "https://kg.seocho.example/tests/conformance"


def main(arguments: list[str] | None = None) -> int:
    """Run the suites; 1 if anything came out otherwise than listed, 2 if there are no suites."""
    options = parser().parse_args(arguments)
    root = options.suites or suites_root()
    if root is None:
        sys.stderr.write("The suites are not here: name their directory with --suites, or set TEST_SHARED.\n")
        return 2
    expected = read_expected(options.expected) if options.expected else {}
    tests = [test for test in read_tests(root) if options.only in test.iri]
    with ExitStack() as stack:
        server = subject(options, stack)
        results = list(run_tests(tests, server, skips(expected)))
        insertions = list(run_insertion_tests(tests, server, skips(expected)))
    write_reports(results, options, expected)
    unexpected = list(unlisted(results, insertions, expected)) if options.expected and not options.only else []
    lines = [*failures(results), "", *totals(results), "", total("as INSERT … WHERE", insertions), *unexpected, ""]
    sys.stdout.write("\n".join(lines))
    return 1 if unexpected else 0


def unlisted(results: list[Result], insertions: list[Result], expected: Expectations) -> Iterator[str]:
    """Yield what came out otherwise than listed, and what did so as an update."""
    yield from surprises(results, expected)
    listed = listed_among(insertions, expected)
    yield from (f"as INSERT … WHERE: {surprise}" for surprise in surprises(insertions, listed))


def subject(options: argparse.Namespace, stack: ExitStack) -> Subject:
    """Return the server that the options describe, or start our own until the stack ends."""
    if not options.endpoint:
        store = Path(stack.enter_context(TemporaryDirectory()))
        return stack.enter_context(own_subject(store / "store"))
    addresses = Addresses(options.endpoint, options.update_endpoint or options.endpoint, options.graph_store)
    return Subject(addresses, options.token, options.loading, options.service_port)


def write_reports(results: list[Result], options: argparse.Namespace, expected: Expectations) -> None:
    """Write the reports that were asked for."""
    if options.json:
        options.json.write_text(as_json(results), "utf-8")
    if options.earl:
        own_code = "" if options.endpoint else program_code().sha256
        product = Product(options.product_iri, options.product, options.product_version, own_code)
        options.earl.write_text(earl_report(results, product, options.time, RUNNER, expected), "utf-8")


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(prog="conformance", description="Run the W3C SPARQL suites against a server.")
    options.add_argument("--endpoint", help="address for queries, and for updates unless given apart")
    options.add_argument("--update-endpoint", help="address for updates")
    options.add_argument("--graph-store", default="", help="address of the Graph Store Protocol")
    options.add_argument("--token", help="bearer token that may write")
    options.add_argument("--loading", choices=sorted(STRATEGIES), default="update", help="how data gets in")
    options.add_argument("--service-port", type=int, default=0, help="port on 127.0.0.1 for federation; 0: any")
    options.add_argument("--suites", type=Path, help="directory with sparql10, sparql11 and sparql12")
    options.add_argument("--only", default="", help="run only tests whose IRI contains this")
    options.add_argument("--expected", type=Path, help="file that lists what is known not to pass")
    options.add_argument("--json", type=Path, help="write all results to this file")
    options.add_argument("--earl", type=Path, help="write an EARL report to this file")
    options.add_argument("--product", default="kg", help="name of what is tested, for EARL")
    options.add_argument("--product-iri", default="https://kg.seocho.example/", help="its IRI")
    options.add_argument("--product-version", default=version("kg"), help="its version")
    options.add_argument("--time", default="", help="when it was tested, for EARL: 2026-01-31T00:00:00Z")
    return options


if __name__ == "__main__":
    sys.exit(main())
