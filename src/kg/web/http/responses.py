"""Complete responses as Flask responses."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request

from kg.domain import PreconditionError
from kg.locales import Message
from kg.rdf import JSON_LD, Form, content_type
from kg.store import announced_version
from kg.web.http.complete_response import Validators, complete
from kg.web.http.json_ld import formed
from kg.web.http.ranges import byte_range, content_range, is_of_this_answer
from kg.web.http.response_cache import CachedResponse
from kg.web.site import current_site


def not_modified(validators: Validators) -> Response | None:
    """Return a 304 if the client's copy is current, before any work is done."""
    matched = validators.matched(request.headers.get("If-None-Match", ""))
    return as_response(matched) if matched else None


def answer(
    body: bytes, media_type: str, validators: Validators | None, form: Form | None = None, first: str = ""
) -> Response:
    """Return a complete response; without validators it is ``no-store``.

    With its RDF format, it announces the required version of RDF. JSON-LD, given in expanded form, is sent in the
    document form of its media type and begins with the node ``first``.
    """
    link = ""
    if form is JSON_LD:
        body, media_type, link = formed(body, media_type, current_site().iris, request.root_url, first)
    announced = content_type(media_type, announced_version(form, body) if form else "")
    # A part of a compressed answer cannot be decoded by itself, and clients decode what they receive.
    encodings = None if "Range" in request.headers else request.headers.get("Accept-Encoding")
    response = as_response(complete(body, announced, validators, encodings))
    add_links(response, link)
    return conditional(response) if validators else response


def add_links(response: Response, *links: str) -> None:
    """Add links to the ``Link`` field of a response; an empty text is none."""
    found = (response.headers.get("Link"), *links)
    if any(found):
        response.headers["Link"] = ", ".join(filter(None, found))


def conditional(response: Response) -> Response:
    """Apply the conditional and range header fields of the request to a response.

    :raises PreconditionError: If-Match does not match
    """
    tag = response.get_etag()[0]
    if request.if_match and not (request.if_match.star_tag or (tag and request.if_match.contains(tag))):
        raise PreconditionError(
            Message("request.if_match"),
            cure=Message("request.if_match_cure"),
        )
    environ = {name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"}
    response.make_conditional(environ)
    return response


def ranged(response: Response) -> Response:
    """Apply the ``Range`` of the request to a complete response.

    :raises RangeError: the range begins beyond the end
    """
    if response.status_code != HTTPStatus.OK:
        return response
    response.headers["Accept-Ranges"] = "bytes"
    asked, fields = request.headers.get("Range"), response.headers
    if asked is None or request.method != "GET":
        return response
    if not is_of_this_answer(request.headers.get("If-Range"), fields.get("ETag"), fields.get("Last-Modified")):
        return response
    body = response.get_data()
    part = byte_range(asked, len(body))
    if part is not None:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = content_range(part, len(body))
        response.set_data(body[part.start : part.stop])
    return response


def as_response(answered: CachedResponse) -> Response:
    """Convert to a Flask response."""
    response = Response(answered.body, status=answered.status)
    response.headers.clear()
    response.headers.extend(answered.fields)
    return response
