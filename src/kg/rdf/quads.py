"""Quads as N-Quads lines, and look-ups in a graph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import pyoxigraph

from kg.domain import Iris

_Node = TypeVar("_Node", bound=Hashable)
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


class Index(Generic[_Node]):
    """Triples in memory by subject and by object; the one way to look triples up that are no graph of a library.

    Subjects and predicates are strings; everything comes in the order of the triples that were given, each once.
    """

    def __init__(self, triples: Iterable[tuple[str, str, _Node]]) -> None:
        """Take triples."""
        self._by_subject: defaultdict[str, defaultdict[str, list[_Node]]] = defaultdict(lambda: defaultdict(list))
        self._by_object: defaultdict[_Node, list[tuple[str, str]]] = defaultdict(list)
        for subject, predicate, node in dict.fromkeys(triples):
            self._by_subject[subject][predicate].append(node)
            self._by_object[node].append((predicate, subject))

    def __contains__(self, subject: str) -> bool:
        """Return whether there are triples with a subject."""
        return subject in self._by_subject

    def __iter__(self) -> Iterator[str]:
        """Yield every subject."""
        yield from self._by_subject

    def about(self, subject: str) -> Mapping[str, Sequence[_Node]]:
        """Return the objects of a subject by predicate."""
        return self._by_subject.get(subject, {})

    def objects(self, subject: str, predicate: str) -> Sequence[_Node]:
        """Return the objects of a subject and a predicate."""
        return self.about(subject).get(predicate, ())

    def pointing(self, node: _Node) -> Sequence[tuple[str, str]]:
        """Return the predicates and subjects that have an object."""
        return self._by_object.get(node, ())

    def subjects(self, predicate: str, node: _Node) -> Sequence[str]:
        """Return the subjects of a predicate and an object."""
        return [subject for named, subject in self.pointing(node) if named == predicate]


def index_lines(lines: Iterable[str]) -> Index[str]:
    """Index the union of the graphs of canonical N-Quads lines; terms are in N-Triples, results sorted."""
    return Index(sorted(read_quad(line)[:3] for line in lines))


@dataclass(frozen=True)
class Sides:
    """The datasets before and after a change, both under the base of ``iris``."""

    before: Index[str]
    after: Index[str]
    iris: Iris

    def objects(self, subject: str, predicate: str, *, is_after: bool) -> Sequence[str]:
        """Return the objects before the change, or else after it; ``is_after`` the other way round."""
        first, second = self._from(is_after=is_after)
        return first.objects(subject, predicate) or second.objects(subject, predicate)

    def subjects(self, predicate: str, node: str, *, is_after: bool) -> Sequence[str]:
        """Return the subjects before the change, or else after it; ``is_after`` the other way round."""
        first, second = self._from(is_after=is_after)
        return first.subjects(predicate, node) or second.subjects(predicate, node)

    def _from(self, *, is_after: bool) -> tuple[Index[str], Index[str]]:
        return (self.after, self.before) if is_after else (self.before, self.after)


def is_absolute_iri(text: str) -> bool:
    """Return whether the engine accepts a text as an absolute IRI (RFC 3987).

    >>> [is_absolute_iri(text) for text in ("http://a/그래프", "relative", "http://a/]", "http://a:b/")]
    [True, False, False, False]
    """
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True
