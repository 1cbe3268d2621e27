"""RDF files: what does not parse names its place, and a file of no known format is refused."""

import pytest

from kg.domain import InputFileError, RdfSyntaxError, Where
from kg.store import RdfFile, load_files

NONE = RdfFile("none.ttl", b"", "http://a/")


def load(name: str, content: bytes) -> None:
    """Load one file."""
    load_files([RdfFile(name, content, "http://a/")], (), NONE)


def test_a_document_that_does_not_parse_names_its_line() -> None:
    """An error in Turtle says where."""
    with pytest.raises(RdfSyntaxError) as caught:
        load("x.ttl", b"<a:b> <a:c> 1 .\n<a:b> <a:c> .\n")
    assert caught.value.where == Where("x.ttl", 2, 13, "<a:b> <a:c> .")


def test_a_document_without_a_place_names_its_file() -> None:
    """An error that the parser gives no place names the file."""
    with pytest.raises(RdfSyntaxError) as caught:
        load("x.jsonld", b"[" * 100_000)
    assert caught.value.where
    assert caught.value.where.document == "x.jsonld"


def test_an_unknown_format_is_refused() -> None:
    """The format of a file whose extension is unknown is not guessed."""
    with pytest.raises(InputFileError, match="known RDF format"):
        load("x.docx", b"")
