"""The tree of errors: each leaf has one HTTP status, one exit code, one problem type, and a place in the docstring."""

import re

from kg.domain import KgError, errors


def leaves(error: type[KgError]) -> list[type[KgError]]:
    """List the errors that have none below them."""
    below = error.__subclasses__()
    return [leaf for one in below for leaf in leaves(one)] if below else [error]


def test_each_leaf_has_one_status_and_one_exit_code() -> None:
    """A status of HTTP, an exit code of the contract, and a title in each language."""
    for leaf in leaves(KgError):
        assert 400 <= leaf.status < 600
        assert leaf.exit_code in {1, 2, 3}
        assert re.search("[가-힣]", leaf.title.in_language("ko"))
        assert str(leaf.title).isascii()


def test_problem_types_are_unique() -> None:
    """A problem type names one leaf."""
    problems = [leaf.problem for leaf in leaves(KgError)]
    assert len(problems) == len(set(problems))


def test_the_docstring_draws_the_tree() -> None:
    """Each leaf stands in the drawing with its status."""
    drawing = errors.__doc__ or ""
    for leaf in leaves(KgError):
        assert re.search(rf"── {leaf.__name__}\s+{leaf.status}\b", drawing), leaf.__name__
