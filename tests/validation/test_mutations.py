"""Every mutation of the owner's graph is found by the shape that it is written for, at the commit as in the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import Build
from kg.diff import Content
from kg.domain import Iris
from kg.store import Change, Dataset, graphs_of
from kg.store.update_evaluation import apply_change
from kg.validation import Validator
from signing import checkout_of
from changes.mutations import MUTATIONS, PREFIXES, Mutation

BASE = "https://kg.seocho.example/"
QUERIED = Iris(BASE).queried_graphs()


@pytest.fixture(scope="module")
def validator(home: Path) -> Validator:
    """Parse the shapes, once."""
    return Validator(home, BASE)


@pytest.fixture(scope="module")
def dataset(made: Build) -> Dataset:
    """Load the graph of the page; each test reverts what it changes."""
    lines = frozenset(made.quads().decode().splitlines())
    return Dataset.of(checkout_of(Content(lines, graphs_of(lines))), QUERIED)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_is_found(dataset: Dataset, validator: Validator, mutation: Mutation) -> None:
    """The results name the shape that is meant for it, and each says in three languages what is wrong."""
    patch = apply_change(dataset, Change("update", BASE, text=PREFIXES + mutation.update)).patch
    found = validator.revalidation(dataset, patch)
    if not found.found.results:  # otherwise the validation has reverted it already
        dataset.apply(patch.inverse())
    assert mutation.shape in {result.shape.rpartition("#")[2] for result in found.new.results}
    for result in found.new.results:
        assert {tag for tag, _ in result.message.texts()} >= {"ko", "en"}
