"""From a request for a query to the query, and from its answer to the answer of the request; no Flask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from kg.build import HISTORY
from kg.domain import FormatError, Iris, NotAcceptableError
from kg.rdf import GRAPH_FORMS, JSON_LD, RESULT_FORMS, Form, content_type, media_types, not_acceptable
from kg.store import Answer, Query, Version, announced_version
from kg.web.http.complete_response import VERSION_FIELD, Validators, complete
from kg.web.http.format_choice import PARAMETERS, Choice, asks_for_page, choose_leniently
from kg.web.http.json_ld import formed
from kg.web.http.memento import LONGEST_ADDRESS, VERSION, http_date, names_version
from kg.web.http.negotiation import choose_media_type
from kg.web.http.protocol import ProtocolOperation
from kg.web.http.response_cache import CachedResponse

_SHORT = 500
_ENCODED = tuple((sign, f"%{ord(sign):02X}" if sign != " " else "+") for sign in '%&+=#\n\r\t{}<>"[]|^\\ ')
_UNSAFE = re.compile(r"[^!$%'-;?-Z_a-z~]+")
_PAGE = "text/html"
_HTML = "html"
_WITH_PAGE = (*media_types(RESULT_FORMS), *media_types(GRAPH_FORMS), _PAGE)


@dataclass(frozen=True)
class QueryRequest:
    """A query, how either kind of answer to it is written, and what tells whether a copy of it is still good."""

    query: Query
    results: Choice | None
    graph: Choice | None
    validators: Validators
    operation: ProtocolOperation = field(repr=False)
    refused: frozenset[Form] = frozenset()

    def completed(self, found: Answer, accept_encoding: str | None, iris: Iris, root: str) -> CachedResponse:
        """Return the answer to the request, with the permanent link to it; ``root`` is where the site is reached.

        A volatile answer has none, nor has one whose address would be too long.
        """
        choice = self.graph if found.kind == "triples" else self.results
        media_type = choice.media_type if choice else found.form.media_type
        body, links = found.body, []
        if found.form is JSON_LD and found.kind == "triples":
            body, media_type, context_link = formed(body, media_type, iris, root)
            links.append(context_link)
        announced = content_type(media_type, announced_version(found.form, body))
        version = self.validators.version
        if found.volatile:
            answer = complete(body, announced, None, accept_encoding)
            answer.fields.append((VERSION_FIELD, str(version.number)))
        else:
            answer = complete(body, announced, self.validators, accept_encoding)
            links.append(permanent_link(self.operation, found.form, version))
        if any(links):
            answer.fields.append(("link", ", ".join(filter(None, links))))
        return answer


def plan(
    operation: ProtocolOperation,
    accept: str | None,
    iris: Iris,
    version: Version,
    refused: frozenset[Form] = frozenset(),
) -> QueryRequest:
    """Plan the answer to a query, in a format that was not ``refused`` before.

    :raises NotAcceptableError: the client accepts no form of any kind of answer
    """
    is_short = accept is None or len(accept) <= _SHORT
    results, graph, types = (_choices if is_short else _choices.__wrapped__)(operation.formats, accept, refused)
    base_iri, queried_graphs = _asked_at(iris)
    query = Query(
        operation.text,
        base_iri=base_iri,
        queried_graphs=queried_graphs,
        dataset=operation.dataset,
        results=results.form if results else None,
        graph=graph.form if graph else None,
        virtual_graph=iris.graph(HISTORY),
    )
    validators = Validators(version, f"{types}\n{query.base_iri}\n{query.dataset}\n{query.text}")
    return QueryRequest(query, results, graph, validators, operation, refused)


def plan_again(planned: QueryRequest, error: FormatError, accept: str | None, iris: Iris) -> QueryRequest:
    """Plan the answer to a query in another format than the one that cannot represent it.

    :raises FormatError: the client accepts no other
    """
    tried = frozenset(choice.form for choice in (planned.results, planned.graph) if choice)
    try:
        return plan(planned.operation, accept, iris, planned.validators.version, planned.refused | tried)
    except NotAcceptableError:
        raise error from None


def answer_query(  # noqa: PLR0913 - the request, the evaluation, and where the site is
    planned: QueryRequest,
    evaluate: Callable[[Version, Query], Answer | None],
    accept: str | None,
    accept_encoding: str | None,
    iris: Iris,
    *,
    root: str = "",
) -> tuple[QueryRequest, CachedResponse, Answer] | None:
    """Evaluate a query and complete its answer, in the first acceptable format that can represent it.

    Return the plan that led to it, too; None where ``evaluate`` returns None. JSON-LD links to its context by ``root``.

    :raises FormatError: no acceptable format can represent the answer
    """
    while True:
        try:
            found = evaluate(planned.validators.version, planned.query)
        except FormatError as error:
            planned = plan_again(planned, error, accept, iris)
            continue
        return (planned, planned.completed(found, accept_encoding, iris, root), found) if found else None


def permanent_link(operation: ProtocolOperation, form: Form, version: Version) -> str:
    """Return the Link header that leads to the same answer of the same version; nothing where it would be too long.

    It is relative to ``/sparql``, by whatever path the server is reached.
    """
    target = permanent_address(operation, form, version)
    return f'<{target}>; rel="bookmark memento"; datetime="{_made(version)}"' if target else ""


def permanent_address(operation: ProtocolOperation, form: Form, version: Version) -> str:
    """Return where the same answer of the same version is, from the question mark on; nothing where it is too long."""
    asked = query_string(operation, form)
    return f"?{asked}&{VERSION}={version.number}" if asked else ""


def query_string(operation: ProtocolOperation, form: Form | None = None) -> str:
    """Return what asks the same by GET: the version and the budget left out, the form as it was asked or given.

    Nothing where that would be too long for an address; then nothing is spent on writing it.
    """
    if sum(len(value) for _, value in operation.pairs) > LONGEST_ADDRESS:
        return ""
    written = _query_string(operation, form)
    return written if len(written) <= LONGEST_ADDRESS else ""


def _query_string(operation: ProtocolOperation, form: Form | None) -> str:
    if operation.encoded:
        return f"{operation.encoded}&format={form.name}" if form else operation.encoded
    left_out = ("timeout", *(PARAMETERS if form else ()))
    kept = (pair for pair in operation.pairs if not names_version(*pair))
    pairs = [(name, value) for name, value in kept if name not in left_out]
    if form:
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
    return http_date(version.commit_info.time)


@lru_cache(maxsize=8)
def _asked_at(iris: Iris) -> tuple[str, tuple[str, ...]]:
    return iris.document("sparql"), iris.queried_graphs()


def is_for_a_reader(method: str, operation: ProtocolOperation, accept: str | None) -> bool:
    """Return whether a query that came by a link is to be shown in the editor: the client would rather have a page.

    Programs come by quickly: their Accept header names no page.

    >>> is_for_a_reader("GET", ProtocolOperation("query", "ASK {}"), "text/html, */*;q=0.8")
    True
    >>> is_for_a_reader("GET", ProtocolOperation("query", "ASK {}", formats=("csv",)), "text/html, */*;q=0.8")
    False
    >>> is_for_a_reader("GET", ProtocolOperation("query", "ASK {}", formats=("html",)), None)
    True
    """
    if method == "POST" or operation.kind != "query":
        return False
    if operation.formats:
        return asks_for_page(operation.formats)
    return accept is not None and _HTML in accept.lower() and choose_media_type(accept, _WITH_PAGE) == _PAGE


@lru_cache(maxsize=512)
def _choices(
    asked: tuple[str, ...], accept: str | None, refused: frozenset[Form]
) -> tuple[Choice | None, Choice | None, str]:
    """Return what the client prefers for either kind of answer, and the media types of both as one text."""
    results = choose_leniently(RESULT_FORMS, asked, accept, refused)
    graph = choose_leniently(GRAPH_FORMS, asked, accept, refused)
    if results is None and graph is None:
        raise not_acceptable("any")
    return results, graph, f"{results and results.media_type} {graph and graph.media_type}"
