"""The gate that stands before every change: it asks the gatekeeper, a process of its own, and refuses by raising."""

from __future__ import annotations

import gzip
import logging
import socket
import subprocess
import sys
import threading
from typing import Any

from kg.errors import BudgetError, Message, NonconformingError, Result
from kg.settings import Settings
from kg.store.birth import Process
from kg.store.versions import Candidate, Store, Verdict
from kg.store.wire import error_from_message

_LOG = logging.getLogger(__name__)
_Reply = tuple[dict[str, Any], bytes]


class ValidatingGate:
    """Refuses a change that brings a violation of the shapes, and tells the warnings of any other.

    A violation that stood before does not shut it: a change that leaves it as it was is none the worse for it. Its
    process is started at once and again when it was lost, and is bounded in time and memory.
    """

    def __init__(self, settings: Settings) -> None:
        """Start the gatekeeper; it gets ready while others go on."""
        self._settings = settings
        self._lock = threading.Lock()
        self._start()

    def __call__(self, candidate: Candidate) -> Verdict:
        """Judge a change.

        :raises NonconformingError: it brings a violation
        :raises BudgetError: judging it takes more time or memory than there is
        :raises UnexpectedError: it could not be judged
        """
        message = {
            "before": str(candidate.base) if candidate.base else None,
            "after": str(candidate.oxigraph),
        }
        with self._lock:
            reply, report = self._judged(message, candidate.patch.to_text().encode())
        if "error" in reply:
            raise error_from_message(reply)
        return _verdict([_result(found) for found in reply["results"]], report)

    @property
    def process(self) -> int:
        """The id of the gatekeeper."""
        return self._program.pid

    def close(self) -> None:
        """End the gatekeeper."""
        with self._lock:
            self._stop()

    def _judged(self, message: dict[str, Any], body: bytes) -> _Reply:
        if self._program.poll() is not None:
            self._restart()
        try:
            return self._asked(message, body)
        except EOFError:
            self._restart()
        try:
            return self._asked(message, body)
        except EOFError as error:
            self._restart()
            raise _too_much_memory() from error

    def _asked(self, message: dict[str, Any], body: bytes) -> _Reply:
        self._process.ask(message, body)
        if not self._process.answers_within(self._settings.gate_seconds):
            self._restart()
            raise _too_slow(self._settings.gate_seconds)
        return self._process.reply()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            settings = self._settings
            terms = (str(theirs.fileno()), str(settings.gate_memory), str(settings.home.resolve()), settings.base_iri)
            self._program = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", "-m", "kg.gatekeeper", *terms],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._process = Process.of(ours, self._program.pid)
        if current := Store(self._settings.store).current():
            self._process.ask({"hold": str(current.oxigraph)})

    def _restart(self) -> None:
        _LOG.warning("The gatekeeper is started anew.")
        self._stop()
        self._start()

    def _stop(self) -> None:
        self._process.kill()
        self._process.let_go()
        self._program.wait()


def _result(found: dict[str, Any]) -> Result:
    """Read a result back from JSON."""
    message, cure = (Message(**found[name]) for name in ("message", "cure"))
    return Result(**{**found, "message": message, "cure": cure, "lines": tuple(found["lines"])})


def _verdict(results: list[Result], report: bytes) -> Verdict:
    violations = sum(result.severity == "violation" for result in results)
    if violations:
        raise NonconformingError(
            Message(
                ko=f"규칙 위반이 {violations}건 생기므로 반영하지 않았습니다.",
                en=f"Nothing was changed: the change would bring {violations} "
                f"violation{'s' if violations > 1 else ''} of the shapes.",
            ),
            cure=Message(
                ko="각 결과의 조치 방법대로 고쳐 다시 보내십시오.",
                en="Follow the cure of each result and send it again.",
            ),
            results=results,
            report=report,
        )
    return Verdict(len(results), gzip.compress(report, mtime=0) if results else b"")


def _too_slow(seconds: float) -> BudgetError:
    return BudgetError(
        Message(
            ko=f"변경을 검증하는 데 {seconds:g}초가 넘게 걸립니다.", en=f"Validating takes longer than {seconds:g} s."
        ),
        cure=Message(
            ko="변경을 나누어 보내거나 운영자에게 KG_GATE_SECONDS를 늘려 달라고 하십시오.",
            en="Send the change in parts, or have the operator raise KG_GATE_SECONDS.",
        ),
    )


def _too_much_memory() -> BudgetError:
    return BudgetError(
        Message(ko="변경을 검증할 메모리가 부족합니다.", en="Validating takes more memory than there is."),
        cure=Message(
            ko="변경을 나누어 보내거나 운영자에게 KG_GATE_MEMORY를 늘려 달라고 하십시오.",
            en="Send the change in parts, or have the operator raise KG_GATE_MEMORY.",
        ),
    )
