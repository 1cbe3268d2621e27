"""Errors that several endpoints raise."""

from __future__ import annotations

from collections.abc import Iterable

from kg.domain import (
    HeaderFieldsError,
    MediaTypeError,
    Message,
    MisdirectedError,
    NotAcceptableError,
    NotFoundError,
    SlowRequestError,
    TooLargeError,
)


def not_found(path: str) -> NotFoundError:
    """Return the error for a path where nothing is."""
    return NotFoundError(
        Message(ko=f"{path}에는 아무것도 없습니다.", en=f"There is nothing at {path}."),
        cure=Message(ko="주소를 확인해 주십시오.", en="Check the address."),
    )


def not_on_offer(offers: Iterable[str]) -> NotAcceptableError:
    """Return the error for a document in none of the media types that the client accepts."""
    listed = ", ".join(offers)
    return NotAcceptableError(
        Message(
            ko="이 문서를 받을 수 있는 형식이 Accept에 없습니다.", en="Accept names no form that this document has."
        ),
        cure=Message(ko=f"다음 가운데에서 고르십시오: {listed}", en=f"Ask for one of: {listed}."),
    )


def body_too_large() -> TooLargeError:
    """Return the error for a body beyond what the server takes."""
    return TooLargeError(
        Message(ko="요청 본문이 허용된 크기를 넘었습니다.", en="The body is larger than the server takes."),
        cure=Message(ko="나누어 보내 주십시오.", en="Send it in parts."),
    )


def slow_body() -> SlowRequestError:
    """Return the error for a body that comes too slowly."""
    return SlowRequestError(
        Message(ko="요청 본문이 너무 느리게 옵니다.", en="The body comes too slowly."),
        cure=Message(ko="다시 보내 주십시오.", en="Send the request again."),
    )


def coded_body(coding: str) -> MediaTypeError:
    """Return the error for a body in a content coding: we unpack none."""
    return MediaTypeError(
        Message(ko=f"압축된 본문은 받지 않습니다: {coding}.", en=f"A body in the coding {coding!r} is not read here."),
        cure=Message(ko="압축하지 않고 보내 주십시오.", en="Send it without Content-Encoding."),
    )


def header_fields_too_large(most: int) -> HeaderFieldsError:
    """Return the error for header fields that are longer together than so many bytes."""
    return HeaderFieldsError(
        Message(ko=f"요청 헤더가 모두 {most}바이트를 넘습니다.", en=f"The header fields exceed {most} bytes together."),
        cure=Message(ko="헤더를 줄여 주십시오.", en="Send fewer or shorter fields, such as cookies."),
    )


def unknown_host(host: str) -> MisdirectedError:
    """Return the error for a host by which the server is not known."""
    return MisdirectedError(
        Message(ko=f"이 서버는 {host[:100]!r}(이)라는 이름을 쓰지 않습니다.", en=f"This server is not {host[:100]!r}."),
        cure=Message(
            ko="운영자는 KG_ALLOWED_SERVER_NAMES에 그 이름을 추가하십시오.",
            en="Operators list the names of the server in KG_ALLOWED_SERVER_NAMES.",
        ),
    )
