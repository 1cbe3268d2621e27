"""The command: random changes of the whole graph, one upon the other, each compared with a validation of everything."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random

from changes.comparison import after_change, all_shapes, everything, stored
from changes.random_changes import Pool, Triple, random_change
from kg.build import build, source_paths
from kg.domain import DEFAULT_BASE_IRI, Iris, Settings
from kg.rdf import ntriples
from kg.validation import shapes_graph
from kg.validation.validation import CompiledShapes

HOME = Path(__file__).parents[2]
_UPON_EACH_OTHER = 20


def main() -> int:
    """Compare; tell every difference, and at the end how much was compared."""
    parser = argparse.ArgumentParser(prog="python -m changes", description=__doc__)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="compare with shapes that were parsed once")
    call = parser.parse_args()
    iris = Iris(DEFAULT_BASE_IRI)
    rules = CompiledShapes(shapes_graph(HOME, iris), iris)
    whole = all_shapes if call.quick else everything
    start = graph_of_the_page()
    random = Random(call.seed)
    different = 0
    triples, before, found = start, stored(start), whole(rules, stored(start))
    for number in range(1, call.changes + 1):
        if number % _UPON_EACH_OTHER == 0:
            triples, before = start, stored(start)
            found = whole(rules, before)
        change = random_change(Pool(triples), random)
        triples = change.of(triples)
        after = stored(triples)
        expected = whole(rules, after)
        narrowed, looked = after_change(rules, before, found, after, change)
        if narrowed != expected:
            different += 1
            sys.stdout.write(f"{number}: {change}: {narrowed - expected} {expected - narrowed}\n")
        size = len(change.added) + len(change.removed)
        sys.stderr.write(f"{number}: {size} triples, {looked} nodes, {expected.total()} results\n")
        before, found = after, expected
    sys.stdout.write(f"{call.changes} random changes of {len(start)} triples compared, {different} different\n")
    return 1 if different else 0


def graph_of_the_page() -> frozenset[Triple]:
    """Build the owner's page."""
    merged = build(source_paths(HOME), Settings(home=HOME, store=HOME / ".kg")).dataset.merged()
    return frozenset(as_triple(line) for line in ntriples(merged).decode().splitlines())


def as_triple(line: str) -> Triple:
    """Take a line of N-Triples apart."""
    subject, predicate, object_ = line.removesuffix(" .").split(" ", 2)
    return subject, predicate, object_


if __name__ == "__main__":
    sys.exit(main())
