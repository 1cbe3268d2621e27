"""Every error this project raises, each with one HTTP status and one exit code.

::

    KgError
    ├── CallError                 the call is wrong: exit 2
    │   ├── RequestError          400  a parameter, header or body that cannot be understood
    │   ├── QuerySyntaxError      400  a query or update that does not parse
    │   ├── RdfSyntaxError        400  an RDF document that does not parse
    │   └── SettingError          500  a setting with a value it cannot have
    ├── NonconformingError        422  the gate: data that does not conform; exit 1
    └── StoreError                500  the store cannot do what was asked: exit 3
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Message:
    """One sentence in Korean and in English."""

    ko: str
    en: str

    def in_language(self, language_tag: str) -> str:
        """Return the Korean sentence for ``ko``, the English one for anything else.

        >>> Message(ko="없음", en="none").in_language("ko")
        '없음'
        """
        return self.ko if language_tag == "ko" else self.en


@dataclass(frozen=True)
class Where:
    """A place in a document: the document's name, line and column (both from 1), and that line as it stands."""

    document: str
    line: int
    column: int
    quoted_line: str = ""


class KgError(Exception):
    """Say what is wrong, where, and the cure; the leaves fix the HTTP status and the exit code."""

    status: ClassVar[int]
    exit_code: ClassVar[int]
    problem: ClassVar[str]
    title: ClassVar[Message]

    def __init__(self, what: Message, *, cure: Message, where: Where | None = None) -> None:
        """Keep the message, the cure and the place."""
        place = f"{where.document}:{where.line}:{where.column}: " if where else ""
        super().__init__(f"{place}{what.en} {cure.en}")
        self.what = what
        self.cure = cure
        self.where = where


class CallError(KgError):
    """The call is wrong and will be wrong again."""

    exit_code = 2


class RequestError(CallError):
    """A parameter, a header or a body cannot be understood."""

    status = 400
    problem = "bad-request"
    title = Message(ko="요청을 이해할 수 없습니다", en="The request cannot be understood")


class QuerySyntaxError(CallError):
    """A query or an update does not parse."""

    status = 400
    problem = "query-syntax"
    title = Message(ko="질의 문법 오류", en="The query does not parse")


class RdfSyntaxError(CallError):
    """An RDF document does not parse."""

    status = 400
    problem = "rdf-syntax"
    title = Message(ko="RDF 문법 오류", en="The RDF document does not parse")


class SettingError(CallError):
    """A setting has a value that it cannot have."""

    status = 500
    problem = "setting"
    title = Message(ko="설정 오류", en="A setting is wrong")


class NonconformingError(KgError):
    """Data does not conform, and the gate stays shut."""

    status = 422
    exit_code = 1
    problem = "nonconforming"
    title = Message(ko="데이터가 규칙에 맞지 않습니다", en="The data does not conform")


class StoreError(KgError):
    """The store cannot do what was asked."""

    status = 500
    exit_code = 3
    problem = "store"
    title = Message(ko="저장소 오류", en="The store failed")
