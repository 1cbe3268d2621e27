"""Accept headers: what a client prefers among what is on offer (RFC 9110, section 12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TypeVar, cast

from kg.locales import LANGUAGES, Language

_PARAMETER = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*)')
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
_MOST_ELEMENTS = 200
_SHORT = 500
_NOTHING = "none/none"
"""A range that no offer is of."""

_Choose = TypeVar("_Choose", bound=Callable[[str | None, tuple[str, ...]], str | None])


@dataclass(frozen=True)
class Preference:
    """One element of an Accept header: a range, its weight from 0 to 1, its other parameters."""

    range: str
    weight: float
    parameters: Mapping[str, str] = field(default_factory=dict)


def preferences(header: str) -> tuple[Preference, ...]:
    """Parse an Accept, Accept-Language or Accept-Encoding header; an element that is malformed is left out.

    >>> preferences("text/turtle;q=0.5, */*;q=0")
    (Preference(range='text/turtle', weight=0.5, parameters={}), Preference(range='*/*', weight=0.0, parameters={}))
    """
    parsed = (_preference(match[0]) for match, _ in zip(_ELEMENT.finditer(header), range(_MOST_ELEMENTS), strict=False))
    return tuple(preference for preference in parsed if preference)


def _preference(element: str) -> Preference | None:
    name, _, _ = element.partition(";")
    parameters = {key.lower(): value.strip('"') for key, value in _PARAMETER.findall(element)}
    weight = parameters.pop("q", "1")
    if not name.strip() or not _WEIGHT.match(weight):
        return None
    return Preference(name.strip().lower(), float(weight), parameters)


def _cached(choose: _Choose) -> _Choose:
    """Cache the choices for short headers, as most clients send them."""
    remembered = lru_cache(maxsize=512)(choose)

    @wraps(choose)
    def chosen(header: str | None, offers: tuple[str, ...]) -> str | None:
        is_short = header is None or len(header) <= _SHORT
        return remembered(header, offers) if is_short else choose(header, offers)

    return cast("_Choose", chosen)


@_cached
def choose_media_type(header: str | None, offers: tuple[str, ...]) -> str | None:
    """Return the offer that the client prefers, the first of equals, or None when it accepts none of them.

    The weight of an offer is that of the most specific range that matches it; no header accepts everything.

    >>> choose_media_type("text/*;q=0.3, text/csv, */*;q=0.1", ("application/json", "text/csv"))
    'text/csv'
    >>> choose_media_type("application/json;q=0, */*", ("application/json", "text/csv"))
    'text/csv'
    >>> choose_media_type("image/png", ("application/json",)) is None
    True
    """
    if header is None or not header.strip():
        return offers[0] if offers else None
    accepted = preferences(header)
    weights = [_media_type_weight(offer, accepted) for offer in offers]
    best = max(weights, default=0.0)
    return offers[weights.index(best)] if best > 0 else None


def only_named(header: str | None) -> str:
    """Return an Accept header without the ranges that take any type.

    >>> only_named("text/csv;q=0.5, */*;q=0.1"), only_named(None)
    ('text/csv;q=0.5', 'none/none')
    """
    named = [element[0].strip() for element in _ELEMENT.finditer(header or "") if "/*" not in element[0]]
    return ", ".join(named) or _NOTHING


def parameters_of(header: str | None, media_type: str) -> Mapping[str, str]:
    """Return the parameters with which an Accept header names a media type, those of the heaviest element."""
    named = [preference for preference in preferences(header or "") if preference.range == media_type]
    return max(named, key=lambda preference: preference.weight).parameters if named else {}


def _media_type_weight(offer: str, accepted: Sequence[Preference]) -> float:
    """Return the weight of the most specific range; parameters such as ``version`` never make one match less."""
    matching = ((specificity, one.weight) for one in accepted if (specificity := _specificity(offer, one)) >= 0)
    return max(matching, default=(0, 0.0))[1]


def _specificity(offer: str, preference: Preference) -> int:
    if preference.range == offer:
        return 2
    if preference.range == f"{offer.partition('/')[0]}/*":
        return 1
    return 0 if preference.range == "*/*" else -1


def choose_language(header: str | None, offers: Sequence[str] = ("en", "ko", "zh")) -> str:
    """Return the language that the client prefers, the first on offer when it says nothing or accepts none.

    >>> choose_language("ko-KR,ko;q=0.9,en-US;q=0.8"), choose_language(None), choose_language("fr")
    ('ko', 'en', 'en')
    """
    accepted = preferences(header or "")
    weights = [max((p.weight for p in accepted if p.range.split("-")[0] == offer), default=0.0) for offer in offers]
    best = max(weights)
    return offers[weights.index(best)] if best > 0 else offers[0]


@_cached
def choose_encoding(header: str | None, offers: tuple[str, ...]) -> str:
    """Return the content coding that the client prefers, the first of equals; ``identity`` when it names none.

    >>> choose_encoding("gzip, br", ("br", "gzip")), choose_encoding("gzip;q=0", ("gzip",)), choose_encoding(None, ())
    ('br', 'identity', 'identity')
    """
    weights = {preference.range: preference.weight for preference in preferences(header or "")}
    identity = weights.get("identity", 0.0)
    best = max(offers, key=lambda offer: weights.get(offer, weights.get("*", 0.0)), default="identity")
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= identity else "identity"


def negotiate_language(asked: str | None, accept_language: str | None) -> Language:
    """Return the language of a page: what ``?lang=`` says, else what the client prefers, else Korean.

    >>> negotiate_language("zh", "ko").code, negotiate_language("fr", "en-GB, ko;q=0.5").code
    ('zh', 'en')
    >>> negotiate_language(None, None).code
    'ko'
    """
    by_code = {language.code: language for language in LANGUAGES}
    if asked in by_code:
        return by_code[asked]
    return by_code[choose_language(accept_language, tuple(by_code))]
