"""Every mutation of the owner's graph is found by the shape that it is written for, at the commit as in the whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rdflib import Graph

from changes.mutations import MUTATIONS, PREFIXES, Mutation
from kg.build import Build
from kg.diff import Content
from kg.domain import Iris
from kg.store import Change, Dataset, graphs_of
from kg.store.update_evaluation import apply_change
from kg.validation import Report, Validator, causes, shapes_graph
from kg.validation.validation import validate_union
from signing import checkout_of

BASE = "https://kg.seocho.example/"
QUERIED = Iris(BASE).queried_graphs()
Identities = Counter[tuple[str | None, ...]]


@pytest.fixture(scope="module")
def validator(home: Path) -> Validator:
    """Parse the shapes, once."""
    return Validator(home, BASE)


@pytest.fixture(scope="module")
def shapes(home: Path) -> Graph:
    """Read the shapes."""
    return shapes_graph(home, Iris(BASE))


@pytest.fixture(scope="module")
def content(made: Build) -> Content:
    """Give the graph of the page."""
    lines = frozenset(made.quads().decode().splitlines())
    return Content(lines, graphs_of(lines))


@pytest.fixture(scope="module")
def before(content: Content, shapes: Graph) -> Identities:
    """Validate the graph as it is."""
    return identities(validate_union(Dataset.of(checkout_of(content), QUERIED).union(), shapes, Iris(BASE)))


@pytest.fixture(scope="module")
def dataset(content: Content) -> Dataset:
    """Load the graph of the page; each test reverts what it changes."""
    return Dataset.of(checkout_of(content), QUERIED)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_is_found(dataset: Dataset, validator: Validator, mutation: Mutation) -> None:
    """The shape that is meant for it reports it, in three languages, among at most two causes."""
    patch = apply_change(dataset, Change("update", BASE, text=PREFIXES + mutation.update)).patch
    found = validator.revalidation(dataset, patch)
    if not found.found.results:  # otherwise the validation has reverted it
        dataset.apply(patch.inverse())
    results = found.new.results
    assert mutation.shape in {result.shape.rpartition("#")[2] for result in results}
    assert len(causes(results)) <= 2
    for result in (*results, *(cause.result for cause in causes(results))):
        assert {tag.lower() for tag, _ in result.message.texts()} == {"ko", "en", "zh-hans"}


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_whole_graph_has_the_same_new_results(
    content: Content, before: Identities, shapes: Graph, validator: Validator, mutation: Mutation
) -> None:
    """The results of the commit are those of the whole graph that were not there before."""
    dataset = Dataset.of(checkout_of(content), QUERIED)
    patch = apply_change(dataset, Change("update", BASE, text=PREFIXES + mutation.update)).patch
    after = identities(validate_union(dataset.union(), shapes, Iris(BASE)))
    assert identities(validator.revalidation(dataset, patch).new) == after - before


def identities(report: Report) -> Identities:
    """Count results by what tells them apart."""
    return Counter(result.identity for result in report.results)
