"""Every error this project raises, each with one HTTP status and one exit code.

::

    KgError
    ├── CallError                 the call is wrong: exit 2
    │   ├── RequestError          400  a parameter, header or body that cannot be understood
    │   ├── QuerySyntaxError      400  a query or update that does not parse
    │   ├── RdfSyntaxError        400  an RDF document that does not parse
    │   ├── EvaluationError       422  a query or update that parses and cannot be carried out
    │   ├── UnauthorizedError     401  a request without the token it needs
    │   ├── ForbiddenError        403  a request that its token, or the operator, does not allow
    │   ├── NotFoundError         404  something that is not there
    │   ├── MethodError           405  a method that the resource does not have
    │   ├── NotAcceptableError    406  no form on offer that the client accepts
    │   ├── FormatError           406  an answer that the format asked for cannot represent
    │   ├── ConflictError         409  a graph that is there, or is not, against what an update says
    │   ├── GoneError             410  a version that was pruned or set aside
    │   ├── PreconditionError     412  a version that is not the one that the request says
    │   ├── SlowRequestError      408  a request that comes too slowly
    │   ├── TooLargeError         413  a request larger than the server takes
    │   ├── ResultTooLargeError   413  an answer larger than its budget
    │   ├── MediaTypeError        415  a body of a media type that is not read here
    │   ├── RangeError            416  a range of bytes beyond the end of a file
    │   ├── MisdirectedError      421  a request for a host that this server is not known as
    │   ├── HeaderFieldsError     431  header fields longer than the server reads
    │   ├── InputFileError        400  a file that is not there or cannot be read
    │   └── SettingError          500  a setting with a value it cannot have
    ├── NonconformingError        422  the gate: data that does not conform; exit 1
    ├── UndecidedError            409  changes made by hand and a new page disagree; exit 1
    ├── RemoteError           502  another server that SERVICE or LOAD called for; exit 3
    ├── StoreError                500  the store cannot do what was asked: exit 3
    ├── DamagedFileError      503  a file of the store is damaged: exit 3
    ├── UnexpectedError           500  a fault of ours: exit 3
    ├── AddressInUseError         500  an address that another program listens at: exit 3
    └── BudgetError               503  a budget that is used up, or a queue that is full: exit 3
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from kg.domain.messages import Result, Where
from kg.locales import Message, Translatable

__all__ = [
    "AddressInUseError", "BudgetError", "CallError", "ConflictError", "DamagedFileError", "EvaluationError",
    "ForbiddenError", "FormatError", "GoneError", "HeaderFieldsError", "InputFileError", "KgError", "MediaTypeError",
    "MethodError", "MisdirectedError", "NonconformingError", "NotAcceptableError", "NotFoundError",
    "PreconditionError", "QuerySyntaxError", "RangeError", "RdfSyntaxError", "RemoteError", "RequestError", "Result",
    "ResultTooLargeError", "SettingError", "SlowRequestError", "StoreError", "TooLargeError", "UnauthorizedError",
    "UnexpectedError", "Where",
]  # fmt: skip


class KgError(Exception):
    """The root of all errors: message, cure and place; the leaves have the HTTP status and the exit code."""

    status: ClassVar[int]
    exit_code: ClassVar[int]
    problem: ClassVar[str]
    title: ClassVar[Message]

    def __init_subclass__(cls) -> None:
        """Name the title by the problem."""
        if "problem" in vars(cls):
            cls.title = Message(f"problem.title.{cls.problem}")

    def __init__(self, what: Translatable, *, cure: Translatable, where: Where | None = None) -> None:
        """Keep the message, the cure and the place."""
        place = f"{where.document}:{where.line}:{where.column}: " if where else ""
        super().__init__(f"{place}{what} {cure}")
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


class QuerySyntaxError(CallError):
    """A query or an update does not parse."""

    status = 400
    problem = "query-syntax"


class RdfSyntaxError(CallError):
    """An RDF document does not parse."""

    status = 400
    problem = "rdf-syntax"


class EvaluationError(CallError):
    """A query or an update parses and cannot be carried out."""

    status = 422
    problem = "evaluation"


class UnauthorizedError(CallError):
    """A request lacks the token that it needs."""

    status = 401
    problem = "unauthorized"


class ForbiddenError(CallError):
    """A request is understood and not allowed."""

    status = 403
    problem = "forbidden"


class NotFoundError(CallError):
    """Something is not there."""

    status = 404
    problem = "not-found"


class MethodError(CallError):
    """A resource does not support the method."""

    status = 405
    problem = "method"


class NotAcceptableError(CallError):
    """No form on offer is one that the client accepts."""

    status = 406
    problem = "not-acceptable"


class FormatError(CallError):
    """The format that is asked for cannot represent the answer."""

    status = 406
    problem = "format"


class ConflictError(CallError):
    """A graph is there, or is not, against what an update says."""

    status = 409
    problem = "conflict"


class GoneError(CallError):
    """A version was there and is not kept any more."""

    status = 410
    problem = "gone"


class PreconditionError(CallError):
    """A request is for a version that is not the current one."""

    status = 412
    problem = "precondition"


class SlowRequestError(CallError):
    """A request is received too slowly."""

    status = 408
    problem = "slow-request"


class TooLargeError(CallError):
    """A request is larger than the server takes."""

    status = 413
    problem = "too-large"


class ResultTooLargeError(CallError):
    """An answer is larger than its budget."""

    status = 413
    problem = "result-too-large"


class MediaTypeError(CallError):
    """A body has a media type, a charset or a coding that is not read here."""

    status = 415
    problem = "media-type"


class RangeError(CallError):
    """A range of bytes begins beyond the end of a file; ``length`` is that of the file."""

    status = 416
    problem = "range"

    def __init__(self, what: Translatable, *, cure: Translatable, where: Where | None = None, length: int = 0) -> None:
        """Keep the length."""
        super().__init__(what, cure=cure, where=where)
        self.length = length


class MisdirectedError(CallError):
    """A request is for a host that this server is not known as."""

    status = 421
    problem = "misdirected"


class HeaderFieldsError(CallError):
    """The header fields of a request are longer than the server reads."""

    status = 431
    problem = "header-fields"


class InputFileError(CallError):
    """A file is not there, or cannot be read as what it should be."""

    status = 400
    problem = "input-file"


class SettingError(CallError):
    """A setting has a value that it cannot have."""

    status = 500
    problem = "setting"


class NonconformingError(KgError):
    """A commit has new violations; ``results`` has the place and the cure of each."""

    status = 422
    exit_code = 1
    problem = "nonconforming"

    def __init__(
        self,
        what: Translatable,
        *,
        cure: Translatable,
        where: Where | None = None,
        results: Sequence[Result] = (),
        report: bytes = b"",
    ) -> None:
        """Keep the new violations, and their SHACL report as N-Triples."""
        super().__init__(what, cure=cure, where=where)
        self.results = tuple(results)
        self.report = report


class UndecidedError(KgError):
    """Manual changes conflict with a new edition of the page, and no side is preferred."""

    status = 409
    exit_code = 1
    problem = "undecided"


class RemoteError(KgError):
    """Another server, which SERVICE or LOAD called for, failed."""

    status = 502
    exit_code = 3
    problem = "remote"


class StoreError(KgError):
    """The store cannot do what was asked."""

    status = 500
    exit_code = 3
    problem = "store"


class DamagedFileError(KgError):
    """A file of the store is damaged; the log names it."""

    status = 503
    exit_code = 3
    problem = "damaged-file"


class UnexpectedError(KgError):
    """An internal error."""

    status = 500
    exit_code = 3
    problem = "unexpected"


class AddressInUseError(KgError):
    """Another program listens at the address."""

    status = 500
    exit_code = 3
    problem = "address-in-use"


class BudgetError(KgError):
    """A budget is used up, or the queue is full."""

    status = 503
    exit_code = 3
    problem = "budget"
