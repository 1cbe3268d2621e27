"""The content of a version as lines of N-Quads."""

from kg.store import canonical_lines


def test_lines_are_as_a_store_gives_them_back() -> None:
    """A number is kept by its value, and there is one way to escape."""
    given = (
        b'_:x <a:p> "1" .\n<a:s> <a:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<a:s> <a:p> "\\u00e9" .\n'
    )
    assert sorted(canonical_lines(given)) == [
        '<a:s> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<a:s> <a:p> "é" .',
        '_:x <a:p> "1" .',
    ]
