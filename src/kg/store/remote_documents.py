"""Remote documents for LOAD."""

from __future__ import annotations

from codecs import BOM_UTF8
from email.message import Message as Headers
from http.client import HTTPException
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    UnknownHandler,
)

from kg.domain import RemoteError
from kg.locales import Message
from kg.rdf import READ_FORMS, Form, media_types, named, of_media_type
from kg.store.changes import Document

_SILENT_SECONDS = 30.0
"""Read timeout; the whole update has its own time limit."""
_VAGUE = frozenset(("text/plain", "application/octet-stream", "binary/octet-stream", "application/x-download"))
"""Generic media types: the extension of the file decides instead."""
_UNRESERVED = "!#$%&'()*+,/:;=?@[]~"


def load_document(iri: str) -> tuple[Document, str]:
    """Fetch a document by HTTP; return it without a byte order mark, and its base IRI.

    :raises RemoteError: the server was not reached, sent no document, or one in no form of RDF
    """
    request = Request(_uri(iri), headers={"Accept": ", ".join(media_types(READ_FORMS)), "User-Agent": "kg"})  # noqa: S310 - the opener knows HTTP alone
    try:
        with _opener().open(request, timeout=_SILENT_SECONDS) as response:
            content, base_iri, headers = response.read(), response.url, response.headers
    except (OSError, HTTPException, ValueError) as error:
        raise _failed(iri, str(error)) from error
    form = _form(headers, base_iri)
    if form is None:
        raise _failed(iri, f"{headers.get_content_type()} is no form of RDF")
    return Document(form, _in_utf_8(content, headers, iri)), base_iri


def _opener() -> OpenerDirector:
    """Return an opener for HTTP only, which ignores proxies of the environment."""
    opener = OpenerDirector()
    for handler in (HTTPHandler, HTTPSHandler, UnknownHandler, HTTPRedirectHandler):
        opener.add_handler(handler())
    for answering in (HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(answering())
    return opener


def _uri(iri: str) -> str:
    """Return the URI of an IRI (RFC 3987, 3.1).

    >>> _uri("http://서초.example/친선?a=나")
    'http://xn--2i4b21t.example/%EC%B9%9C%EC%84%A0?a=%EB%82%98'
    """
    parts = urlsplit(iri)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return quote(urlunsplit(parts._replace(netloc=host)), safe=_UNRESERVED)


def _form(headers: Headers, uri: str) -> Form | None:
    media_type = headers.get_content_type() if "Content-Type" in headers else ""
    if media_type and media_type not in _VAGUE:
        return of_media_type(media_type, READ_FORMS)
    extension = PurePosixPath(urlsplit(uri).path).suffix.removeprefix(".")
    return named(extension, READ_FORMS) or of_media_type(media_type, READ_FORMS)


def _in_utf_8(content: bytes, headers: Headers, iri: str) -> bytes:
    charset = headers.get_content_charset("utf-8")
    try:
        content = content if charset == "utf-8" else content.decode(charset).encode()
    except (LookupError, ValueError) as error:
        raise _failed(iri, str(error)) from error
    return content.removeprefix(BOM_UTF8)


def _failed(iri: str, why: str) -> RemoteError:
    return RemoteError(
        Message("query.load_failed", iri=iri[:500], why=why),
        cure=Message("query.load_failed_cure"),
    )
