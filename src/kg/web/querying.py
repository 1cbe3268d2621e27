"""From a request for a query to the query, and from its answer to the answer of the request; no Flask."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from kg.errors import Message, RequestError
from kg.graph.history import HISTORY
from kg.iri import Iris
from kg.store.engine import Answer, Query
from kg.store.forms import GRAPH_FORMS, RESULT_FORMS, Form, media_types, named, of_media_type
from kg.store.refusals import not_acceptable
from kg.store.versions import Version
from kg.web.complete import VERSION_FIELD, Validators, complete
from kg.web.hot import HotAnswer
from kg.web.memento import LONGEST_ADDRESS, http_date
from kg.web.negotiation import choose_media_type
from kg.web.protocol import Operation

_MEDIA_TYPES: dict[tuple[Form, ...], tuple[str, ...]] = {
    forms: media_types(forms) for forms in (RESULT_FORMS, GRAPH_FORMS)
}

_SHORT = 500
_ENCODED = tuple((sign, f"%{ord(sign):02X}" if sign != " " else "+") for sign in '%&+=#\n\r\t{}<>"[]|^\\ ')
_UNSAFE = re.compile(r"[^!$%'-;?-Z_a-z~]+")
_PAGE = "text/html"
_HTML = "html"
_WITH_PAGE = (*_MEDIA_TYPES[RESULT_FORMS], *_MEDIA_TYPES[GRAPH_FORMS], _PAGE)


@dataclass(frozen=True)
class Choice:
    """The media type that the client prefers, and the form it stands for."""

    media_type: str
    form: Form


@dataclass(frozen=True)
class Plan:
    """A query, how either kind of answer to it is written, and what tells whether a copy of it is still good."""

    query: Query
    results: Choice | None
    graph: Choice | None
    validators: Validators
    operation: Operation = field(repr=False)

    def completed(self, found: Answer, accept_encoding: str | None) -> HotAnswer:
        """Return the answer to the request, with the permanent link to it.

        A volatile answer has none, nor has one whose address would be too long.
        """
        choice = self.graph if found.kind == "triples" else self.results
        media_type = choice.media_type if choice else found.form.media_type
        version = self.validators.version
        if found.volatile:
            answer = complete(found.body, media_type, None, accept_encoding)
            answer.fields.append((VERSION_FIELD, str(version.number)))
            return answer
        answer = complete(found.body, media_type, self.validators, accept_encoding)
        link = permanent_link(self.operation, found.form, version)
        if link:
            answer.fields.append(("link", link))
        return answer


def plan(operation: Operation, accept: str | None, iris: Iris, version: Version) -> Plan:
    """Plan the answer to a query.

    :raises NotAcceptableError: the client accepts no form of any kind of answer
    """
    is_short = accept is None or len(accept) <= _SHORT
    results, graph, types = (_choices if is_short else _choices.__wrapped__)(operation.format, accept)
    base_iri, queried_graphs = _asked_at(iris)
    query = Query(
        operation.text,
        base_iri=base_iri,
        queried_graphs=queried_graphs,
        dataset=operation.dataset,
        results=results.form if results else None,
        graph=graph.form if graph else None,
        apart=iris.graph(HISTORY),
    )
    validators = Validators(version, f"{types}\n{query.base_iri}\n{query.dataset}\n{query.text}")
    return Plan(query, results, graph, validators, operation)


def permanent_link(operation: Operation, form: Form, version: Version) -> str:
    """Return the Link header that leads to the same answer of the same version; nothing where it would be too long.

    It is relative to ``/sparql``, by whatever path the server is reached.
    """
    target = permanent_address(operation, form, version)
    return f'<{target}>; rel="bookmark memento"; datetime="{_made(version)}"' if target else ""


def permanent_address(operation: Operation, form: Form, version: Version) -> str:
    """Return where the same answer of the same version is, from the question mark on; nothing where it is too long."""
    asked = query_string(operation, form)
    return f"?{asked}&version={version.number}" if asked else ""


def query_string(operation: Operation, form: Form | None = None) -> str:
    """Return what asks the same by GET: the version and the budget left out, the form as it was asked or given.

    Nothing where that would be too long for an address; then nothing is spent on writing it.
    """
    if sum(len(value) for _, value in operation.pairs) > LONGEST_ADDRESS:
        return ""
    written = _query_string(operation, form)
    return written if len(written) <= LONGEST_ADDRESS else ""


def _query_string(operation: Operation, form: Form | None) -> str:
    if operation.encoded:
        return f"{operation.encoded}&format={form.name}" if form else operation.encoded
    pairs = [(name, value) for name, value in operation.pairs if name not in ("version", "timeout")]
    if operation.format is None and form:
        pairs.append(("format", form.name))
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    """Return a text as it stands in a query string; many times as fast as ``urllib`` does it, for what is common.

    >>> _quoted("ASK { '서초' }&%"), _quoted("<a+b>")
    ("ASK+%7B+'%EC%84%9C%EC%B4%88'+%7D%26%25", '%3Ca%2Bb%3E')
    """
    for sign, encoded in _ENCODED:
        text = text.replace(sign, encoded)
    return _UNSAFE.sub(lambda match: quote(match[0]), text)


@lru_cache(maxsize=64)
def _made(version: Version) -> str:
    """Return when a version was made; formatting it takes longer than all the rest of the link."""
    return http_date(version.record.time)


@lru_cache(maxsize=8)
def _asked_at(iris: Iris) -> tuple[str, tuple[str, ...]]:
    return iris.document("sparql"), iris.queried_graphs()


def is_for_a_reader(method: str, operation: Operation, accept: str | None) -> bool:
    """Tell whether a query that came by a link is to be shown in the editor: the client would rather have a page.

    Programs come by quickly: their Accept header names no page.

    >>> is_for_a_reader("GET", Operation("query", "ASK {}"), "text/html, */*;q=0.8")
    True
    >>> is_for_a_reader("GET", Operation("query", "ASK {}", format="csv"), "text/html, */*;q=0.8")
    False
    """
    if accept is None or _HTML not in accept.lower() or method == "POST":
        return False
    is_asked = operation.kind == "query" and operation.format is None
    return is_asked and choose_media_type(accept, _WITH_PAGE) == _PAGE


@lru_cache(maxsize=512)
def _choices(asked: str | None, accept: str | None) -> tuple[Choice | None, Choice | None, str]:
    """Return what the client prefers for either kind of answer, and the media types of both as one text."""
    results = choose(RESULT_FORMS, asked, accept)
    graph = choose(GRAPH_FORMS, asked, accept)
    if results is None and graph is None:
        raise not_acceptable("any")
    return results, graph, f"{results and results.media_type} {graph and graph.media_type}"


def choose(forms: tuple[Form, ...], asked: str | None, accept: str | None) -> Choice | None:
    """Return what the client prefers among forms: ``?format=`` where it is given, else the Accept header.

    :raises RequestError: there is no such format at all
    """
    if asked is not None:
        form = named(asked, forms)
        if form is None and not any(named(asked, every) for every in _MEDIA_TYPES):
            raise _unknown_format(asked)
        return Choice(form.media_type, form) if form else None
    media_type = choose_media_type(accept, _MEDIA_TYPES.get(forms) or media_types(forms))
    form = of_media_type(media_type, forms) if media_type else None
    return Choice(media_type, form) if media_type and form else None


def _unknown_format(asked: str) -> RequestError:
    names = ", ".join(form.name for form in (*RESULT_FORMS, *GRAPH_FORMS))
    return RequestError(
        Message(ko=f"지원하지 않는 형식입니다: {asked[:100]}.", en=f"There is no format {asked[:100]!r}."),
        cure=Message(ko=f"다음 가운데에서 고르십시오: {names}", en=f"Use one of: {names}."),
    )
