"""Quads as N-Quads lines, and look-ups in a graph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from kg.domain import Iris

_IN_A_GRAPH = re.compile(r"(<[^>]*>|_:[^ ]+) (<[^>]*>) (.+) (<[^>]*>|_:[^ ]+) \.")
_IN_NONE = re.compile(r"(<[^>]*>|_:[^ ]+) (<[^>]*>) (.+) \.")
_LITERAL = re.compile(r'"(?P<form>.*)"(?:@(?P<tag>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Quad(NamedTuple):
    """A quad of terms in N-Triples; ``graph`` is empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str

    @property
    def line(self) -> str:
        """The line of N-Quads, without its end.

        >>> Quad("<a:s>", "<a:p>", '"o"@ko', "").line
        '<a:s> <a:p> "o"@ko .'
        """
        return " ".join(filter(None, (*self, ".")))


def read_quad(line: str) -> Quad:
    """Read a line of canonical N-Quads: single spaces, no comment.

    :raises ValueError: it is malformed

    >>> read_quad('<a:s> <a:p> "a <b>" <a:g> .')
    Quad(subject='<a:s>', predicate='<a:p>', object='"a <b>"', graph='<a:g>')
    """
    match = _IN_A_GRAPH.fullmatch(line) or _IN_NONE.fullmatch(line)
    if match is None:
        raise ValueError(f"no canonical line of N-Quads: {line!r}")
    return Quad(match[1], match[2], match[3], match[4] if match.re is _IN_A_GRAPH else "")


def subject_of(line: str) -> str:
    """Return the subject of a line of canonical N-Quads, which is not read further."""
    return line.partition(" ")[0]


def object_of(line: str) -> str:
    """Return the object of a line of canonical N-Quads where it is an IRI or a blank node; nothing where it is not.

    >>> object_of("<a:s> <a:p> <a:o> <a:g> .")
    '<a:o>'
    """
    return "" if '"' in line or "<<" in line else line.split(" ", 3)[2]


class Literal(NamedTuple):
    """A literal: its lexical form, and its language tag or datatype."""

    lexical_form: str
    language_tag: str
    datatype: str


def read_literal(term: str) -> Literal | None:
    r"""Read a literal in N-Triples; None for any other term.

    >>> read_literal(r'"a \"b\""@ko')
    Literal(lexical_form='a "b"', language_tag='ko', datatype='')
    """
    match = _LITERAL.fullmatch(term)
    if match is None:
        return None
    form = _ESCAPE.sub(_unescape, match["form"]) if "\\" in match["form"] else match["form"]
    return Literal(form, match["tag"] or "", match["datatype"] or "")


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def language_tag(term: str) -> str:
    """Return the language tag of a literal in N-Triples, in small letters; nothing for any other term."""
    literal = read_literal(term) if term.startswith('"') else None
    return literal.language_tag.lower() if literal else ""


class Lookup(Protocol):
    """Look-ups in the union of the graphs of a dataset; terms are in N-Triples, results sorted."""

    def objects(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects of a subject and a predicate."""
        ...

    def subjects(self, predicate: str, node: str) -> Sequence[str]:
        """Return the subjects of a predicate and an object."""
        ...


class Index:
    """An index of a dataset in memory."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Index N-Quads lines."""
        self._objects: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._subjects: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for quad in map(read_quad, lines):
            self._objects[quad.subject, quad.predicate].add(quad.object)
            self._subjects[quad.predicate, quad.object].add(quad.subject)

    def objects(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects of a subject and a predicate."""
        return sorted(self._objects.get((subject, predicate), ()))

    def subjects(self, predicate: str, node: str) -> Sequence[str]:
        """Return the subjects of a predicate and an object."""
        return sorted(self._subjects.get((predicate, node), ()))


@dataclass(frozen=True)
class Sides:
    """The datasets before and after a change, both under the base of ``iris``."""

    before: Lookup
    after: Lookup
    iris: Iris
