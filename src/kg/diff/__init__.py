"""Changesets, three-way merges, and descriptions of changes in words."""

from kg.diff.changesets import Checkout, Content, Patch, digest_after
from kg.diff.difference_words import conflicts_in_words, sentences
from kg.diff.differences import difference
from kg.diff.three_way_merge import Conflict, Side, merge_three_way

__all__ = [
    "Checkout",
    "Conflict",
    "Content",
    "Patch",
    "Side",
    "conflicts_in_words",
    "difference",
    "digest_after",
    "merge_three_way",
    "sentences",
]
