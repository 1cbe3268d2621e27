"""SPARQL Protocol requests: what a request to ``/sparql`` asks for (SPARQL 1.1 Protocol, section 2); no Flask."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote_to_bytes

from kg.domain import MediaTypeError, RequestError
from kg.locales import Message
from kg.rdf import is_absolute_iri
from kg.store import RequestedDataset
from kg.web.http.format_choice import formats_asked
from kg.web.http.memento import destination, versions_named

FORM_TYPE = "application/x-www-form-urlencoded"
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
BYTE_ORDER_MARK = "\ufeff"
"""What editors put before a text in UTF-8; a receiver may skip it (RFC 3629, section 6)."""

_DATASET_PARAMETERS = {
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}
_MOST_PARAMETERS = 10_000
_PIECE = 64 * 1024
"""Bytes that are decoded at once: no other thread runs meanwhile, so it takes a few milliseconds at most."""
_LONGEST_QUOTED = 200
_QUERY = b"query="
_PRINTABLE = re.compile(rb"[!$-;=?-Z_a-z~]*\Z")


@dataclass(frozen=True)
class ProtocolOperation:
    """A request, understood: ``describe`` has no text, and asks what the service is.

    ``formats`` are those that its parameters ask for, in order. ``version`` is the version of the graph that they
    name; a version of SPARQL changes nothing, for all are understood (SPARQL 1.2 Protocol, 2.1). ``encoded`` is the
    query string as it came, where it is a query and nothing else.
    """

    kind: Literal["query", "update", "describe"]
    text: str = ""
    dataset: RequestedDataset | None = None
    formats: tuple[str, ...] = ()
    seconds: float | None = None
    version: str | None = None
    encoded: str = field(default="", repr=False, compare=False)
    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def read_operation(method: str, query_string: bytes, content_type: str | None, body: bytes) -> ProtocolOperation:
    """Understand a GET, HEAD or POST.

    :raises RequestError: a parameter is missing, given too often, or has a value that it cannot have
    :raises MediaTypeError: the body is of a media type or charset that the protocol does not name
    """
    if method != "POST" and query_string.startswith(_QUERY) and b"&" not in query_string:
        text = _unquoted(query_string[len(_QUERY) :]).removeprefix(BYTE_ORDER_MARK)
        encoded = query_string.decode("ascii") if _PRINTABLE.match(query_string) else ""
        return ProtocolOperation("query", text=text, encoded=encoded, pairs=(("query", text),))
    pairs = read_pairs(query_string)
    if method != "POST":
        return _operation([*pairs], by_get=True)
    media_type, charset = media_type_of(content_type)
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise _media_type(f"charset {charset}", "UTF-8")
    if media_type == FORM_TYPE:
        return _operation([*pairs, *read_pairs(body)])
    pairs += [("version", version) for version in _announced(content_type)]
    if media_type == QUERY_TYPE:
        return _operation([*pairs, ("query", _text(body))])
    if media_type == UPDATE_TYPE:
        return _operation([*pairs, ("update", _text(body))])
    raise _media_type(media_type or "no media type", f"{FORM_TYPE}, {QUERY_TYPE}, {UPDATE_TYPE}")


def read_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Decode a query string or a form body, percent-decoding once.

    :raises RequestError: it is no UTF-8, or has too many parameters
    """
    if encoded.count(b"&") >= _MOST_PARAMETERS:
        raise RequestError(
            Message("request.too_many_parameters", most=_MOST_PARAMETERS),
            cure=Message("request.too_many_parameters_cure"),
        )
    pairs = (pair.partition(b"=") for pair in encoded.split(b"&") if pair)
    return [(_unquoted(name), _unquoted(value)) for name, _, value in pairs]


def _unquoted(encoded: bytes) -> str:
    """Decode one name or value, in time linear in its length and in small steps.

    >>> _unquoted(b"ASK%20%7B%7D+%C3%A9%zz%2520")
    'ASK {} é%zz%20'
    """
    is_short = len(encoded) <= _PIECE
    try:
        decoded = _unquoted_piece(encoded) if is_short else b"".join(map(_unquoted_piece, _pieces(encoded)))
        return decoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf_8() from error


def _pieces(encoded: bytes) -> Iterator[bytes]:
    """Cut an encoded text so that no escape is cut."""
    start = 0
    while len(encoded) - start > _PIECE:
        end = start + _PIECE
        cut = encoded.rfind(b"%", end - 2, end)
        end = cut if cut >= 0 else end
        yield encoded[start:end]
        start = end
    yield encoded[start:]


def _unquoted_piece(encoded: bytes) -> bytes:
    """Decode escapes; quoted-printable has the same with another sign, and a decoder in C, ten times as fast."""
    spaced = encoded.replace(b"+", b" ")
    if b"%" not in spaced:
        return spaced
    quoted = spaced.replace(b"=", b"=3D").replace(b"%", b"=")
    decoded = a2b_qp(quoted)
    # Each escape is two bytes shorter when decoded; what is none, such as a stray percent sign, is not.
    is_all_escaped = len(quoted) - len(decoded) == 2 * quoted.count(b"=")
    return decoded if is_all_escaped and b"\r" not in spaced and b"\n" not in spaced else unquote_to_bytes(spaced)


def media_type_of(content_type: str | None) -> tuple[str, str]:
    """Return the media type and the charset (``utf-8`` unless named), both in small letters.

    >>> media_type_of("Text/Turtle; charset=UTF-16")
    ('text/turtle', 'utf-16')
    """
    if not content_type:
        return "", "utf-8"
    charset = parameter_of(content_type, "charset") or "utf-8"
    return content_type.partition(";")[0].strip().lower(), charset.lower()


def parameter_of(content_type: str, name: str) -> str:
    """Return a parameter of a media type, without its quotes; nothing where it has none of that name.

    >>> parameter_of('multipart/form-data; Boundary="a b"', "boundary")
    'a b'
    """
    found = re.search(rf';\s*{name}\s*=\s*(?:"([^"]*)"|([^";\s]*))', content_type, re.IGNORECASE)
    return (found[1] or found[2] or "") if found else ""


def _announced(content_type: str | None) -> list[str]:
    """Return the version of SPARQL that the media type of a query or an update announces, if it does."""
    version = parameter_of(content_type or "", "version")
    return [version] if version else []


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf_8() from error


def _operation(pairs: Sequence[tuple[str, str]], *, by_get: bool = False) -> ProtocolOperation:
    asked = [kind for kind in ("query", "update") if any(name == kind for name, _ in pairs)]
    if not asked and by_get:
        version = _graph_version(pairs)
        return ProtocolOperation("describe", formats=formats_asked(pairs), version=version, pairs=tuple(pairs))
    if len(asked) != 1:
        raise _wrong_parameter(Message("request.query_or_update"))
    if by_get and asked == ["update"]:
        raise _wrong_parameter(Message("request.update_by_post"))
    kind: Literal["query", "update"] = "update" if asked == ["update"] else "query"
    return ProtocolOperation(
        kind,
        text=(_single(pairs, kind) or "").removeprefix(BYTE_ORDER_MARK),
        dataset=_dataset(pairs, kind),
        formats=formats_asked(pairs),
        seconds=_seconds(_single(pairs, "timeout")),
        version=_graph_version(pairs),
        pairs=tuple(pairs),
    )


def _single(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in pairs if key == name]
    if len(values) > 1:
        raise _wrong_parameter(Message("request.parameter_once", name=name))
    return values[0] if values else None


def _graph_version(pairs: Sequence[tuple[str, str]]) -> str | None:
    versions = versions_named(pairs)
    destination(versions, None)
    return versions[0] if versions else None


def _dataset(pairs: Sequence[tuple[str, str]], kind: str) -> RequestedDataset | None:
    for other, names in _DATASET_PARAMETERS.items():
        if other != kind and any(key in names for key, _ in pairs):
            raise _wrong_parameter(Message(f"request.parameters_of.{other}", names=", ".join(names)))
    if kind == "query":  # forms send them empty; an update that is to change less is never taken for one to change more
        pairs = [(key, value) for key, value in pairs if value]
    default, named = _DATASET_PARAMETERS[kind]
    dataset = RequestedDataset(
        tuple(absolute_iri(value, key) for key, value in pairs if key == default),
        tuple(absolute_iri(value, key) for key, value in pairs if key == named),
    )
    return dataset if dataset.default_graphs or dataset.named_graphs else None


def absolute_iri(text: str, parameter: str) -> str:
    """Return an absolute IRI as it stands, or raise ``RequestError`` naming the parameter."""
    if is_absolute_iri(text):
        return text
    raise _wrong_parameter(Message("request.not_absolute", name=parameter, text=text[:200]))


def _seconds(text: str | None) -> float | None:
    """Return the seconds a client gives its query; 0 and nothing are no wish, as with other servers."""
    if not text:
        return None
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        return float(text) or None
    raise _wrong_parameter(Message("request.timeout"))


def _wrong_parameter(what: Message) -> RequestError:
    return RequestError(
        what,
        cure=Message("request.parameter_cure"),
    )


def _media_type(given: str, wanted: str) -> MediaTypeError:
    return MediaTypeError(
        Message("request.body_media_type", given=given[:_LONGEST_QUOTED]),
        cure=Message("request.body_media_type_cure", offers=wanted),
    )


def not_utf_8() -> RequestError:
    """Return the error for a text that is no UTF-8."""
    return RequestError(
        Message("request.not_utf_8"),
        cure=Message("request.not_utf_8_cure"),
    )
