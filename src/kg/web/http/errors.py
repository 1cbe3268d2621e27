"""Errors that several endpoints raise."""

from __future__ import annotations

from collections.abc import Iterable

from kg.domain import (
    HeaderFieldsError,
    MediaTypeError,
    MisdirectedError,
    NotAcceptableError,
    NotFoundError,
    SlowRequestError,
    TooLargeError,
)
from kg.locales import Message


def not_found(path: str) -> NotFoundError:
    """Return the error for a path where nothing is."""
    return NotFoundError(
        Message("request.nothing_there", path=path),
        cure=Message("request.check_address"),
    )


def not_on_offer(offers: Iterable[str]) -> NotAcceptableError:
    """Return the error for a document in none of the media types that the client accepts."""
    listed = ", ".join(offers)
    return NotAcceptableError(
        Message("request.not_acceptable"),
        cure=Message("rdf.offers", offers=listed),
    )


def body_too_large() -> TooLargeError:
    """Return the error for a body beyond what the server takes."""
    return TooLargeError(
        Message("request.body_too_large"),
        cure=Message("request.body_too_large_cure"),
    )


def slow_body() -> SlowRequestError:
    """Return the error for a body that comes too slowly."""
    return SlowRequestError(
        Message("request.body_too_slow"),
        cure=Message("request.body_too_slow_cure"),
    )


def coded_body(coding: str) -> MediaTypeError:
    """Return the error for a body in a content coding: we unpack none."""
    return MediaTypeError(
        Message("request.coding", coding=coding),
        cure=Message("request.coding_cure"),
    )


def header_fields_too_large(most: int) -> HeaderFieldsError:
    """Return the error for header fields that are longer together than so many bytes."""
    return HeaderFieldsError(
        Message("request.header_fields", most=most),
        cure=Message("request.header_fields_cure"),
    )


def unknown_host(host: str) -> MisdirectedError:
    """Return the error for a host by which the server is not known."""
    return MisdirectedError(
        Message("request.misdirected", host=host[:100]),
        cure=Message("request.misdirected_cure"),
    )
