"""Choosing the format of an answer: by the parameters of the address as other servers read them, then by Accept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kg.domain import FormatError, KgError, RequestError
from kg.locales import Message
from kg.rdf import GRAPH_FORMS, JSON_LD, RESULT_FORMS, Form, media_types, named, not_acceptable, of_media_type
from kg.web.http import json_ld
from kg.web.http.negotiation import choose_media_type, only_named, parameters_of

PARAMETERS = ("format", "output", "results", "Accept")
"""The names under which servers take a format: ours, Fuseki's and Virtuoso's, SPARQLWrapper's, RDF4J's."""

PAGE = "text/html"
_PAGES = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml", "application/xhtml xml"})
_NO_CHOICE = frozenset({"", "auto", "*/*"})


_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Choice:
    """The media type that the client prefers, and the form it stands for."""

    media_type: str
    form: Form


def formats_asked(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the formats that the parameters of a request ask for, in order; ``auto`` asks for none.

    >>> formats_asked([("output", "xml"), ("query", "ASK {}"), ("format", "auto"), ("results", "xml")])
    ('xml',)
    """
    asked = (value.strip() for name, value in pairs if name in PARAMETERS)
    return tuple(dict.fromkeys(value for value in asked if value.lower() not in _NO_CHOICE))


def asks_for_page(asked: Sequence[str]) -> bool:
    """Return whether the first format that is asked for is a page."""
    return bool(asked) and asked[0].lower() in _PAGES


def choose(
    forms: tuple[Form, ...], asked: tuple[str, ...], accept: str | None, without: Collection[Form] = ()
) -> Choice | None:
    """Return what the client prefers among forms: the first format asked for that is one of them, else by Accept.

    Where formats are asked for and none of them is usable, Accept decides, as ``_accept_instead`` says.

    :raises RequestError: no format that is asked for is known, and Accept names none
    """
    offered = tuple(form for form in forms if form not in without)
    usable = next((form for name in asked if (form := named(name, offered))), None)
    if usable:
        return _choice(_media_type(usable, accept), usable, accept)
    deciding = _accept_instead(forms, asked, accept) if asked else accept
    media_type = choose_media_type(deciding, media_types(offered))
    form = of_media_type(media_type, offered) if media_type else None
    return _choice(media_type, form, accept) if media_type and form else None


def choose_leniently(
    forms: tuple[Form, ...], asked: tuple[str, ...], accept: str | None, without: Collection[Form] = ()
) -> Choice | None:
    """Return what the client prefers, the first form if its Accept names forms of the other kind of answer alone.

    Clients name the forms of solutions whatever they ask (rdflib), or those of a graph (SPARQLWrapper): the answer that
    says its own type is of more use to them than 406 (RFC 9110, section 12.5.1).

    :raises RequestError: no format that is asked for is known, and Accept names none
    """
    chosen = choose(forms, asked, accept, without)
    others = GRAPH_FORMS if forms == RESULT_FORMS else RESULT_FORMS
    is_of_other_kind = not chosen and not without and _accept_names(accept, media_types(others))
    return Choice(forms[0].media_type, forms[0]) if is_of_other_kind else chosen


def _accept_instead(forms: tuple[Form, ...], asked: tuple[str, ...], accept: str | None) -> str:
    """Return what decides where no format that is asked for is usable: the formats that Accept names.

    Where it names none, ``*/*`` decides for a format of the other kind of answer, which SPARQLWrapper sends with it; no
    Accept means the same (RFC 9110, section 12.5.1), and a browser sends it with everything.

    :raises RequestError: no format that is asked for is known, and Accept names none
    """
    if _accept_names(accept, (*media_types(RESULT_FORMS), *media_types(GRAPH_FORMS))):
        return only_named(accept)
    _refuse_unknown(asked, forms)
    is_of_other_kind = not any(named(name, forms) for name in asked)
    is_browser = choose_media_type(only_named(accept), (PAGE,)) == PAGE
    return (accept or "*/*") if is_of_other_kind and not is_browser else only_named(None)


def _choice(media_type: str, form: Form, accept: str | None) -> Choice:
    """Return a choice; JSON-LD comes in the document form that Accept names."""
    profile = parameters_of(accept, media_type).get("profile") if media_type == JSON_LD.media_type else None
    return Choice(json_ld.with_profile(profile) if profile else media_type, form)


def first_representable(
    choices: Callable[[frozenset[Form]], Choice | None], answer: Callable[[Choice], _Answer]
) -> _Answer:
    """Answer in the first format that can represent the answer; ``choices`` gives the next without those refused.

    :raises FormatError: the client accepts none that can
    :raises NotAcceptableError: the client accepts none at all
    """
    refused: frozenset[Form] = frozenset()
    problem: KgError = not_acceptable("triples")
    while choice := choices(refused):
        try:
            return answer(choice)
        except FormatError as error:
            refused, problem = refused | {choice.form}, error
    raise problem


def prefers_page(forms: tuple[Form, ...], asked: tuple[str, ...], accept: str | None) -> bool:
    """Return whether the client would rather have a page than a document in one of the forms."""
    if asked:
        return asks_for_page(asked)
    return choose_media_type(accept, (*media_types(forms), PAGE)) == PAGE


def _accept_names(accept: str | None, offers: tuple[str, ...]) -> bool:
    """Return whether Accept names one of the offers itself, and does not rather have a page."""
    return choose_media_type(only_named(accept), (*offers, PAGE)) not in (None, PAGE)


def _media_type(form: Form, accept: str | None) -> str:
    """Return the registered media type of a form, or a looser one where Accept takes only that."""
    if accept is None or choose_media_type(accept, (form.media_type,)):
        return form.media_type
    return choose_media_type(accept, form.media_types[1:]) or form.media_type


def _refuse_unknown(asked: Sequence[str], forms: tuple[Form, ...]) -> None:
    known = tuple(dict.fromkeys((*RESULT_FORMS, *GRAPH_FORMS, *forms)))
    if any(named(name, known) for name in asked):
        return
    names = ", ".join(dict.fromkeys(form.name for form in known))
    unknown = ", ".join(asked)[:100]
    raise RequestError(
        Message("request.unknown_format", unknown=unknown),
        cure=Message("request.unknown_format_cure", names=names),
    )
