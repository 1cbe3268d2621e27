"""The forked processes: the query worker, which answers until its client is gone, and the update process."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg.diff import Patch
from kg.domain import KgError, UnexpectedError
from kg.locales import Message
from kg.store import ApartNeeded, Dataset, Engine, Head, Pending, Store, Validate, Version, evaluated, is_repeatable
from kg.workers.causes import OUT_OF_MEMORY
from kg.workers.destinations import Destination, check_targets
from kg.workers.processes import memory_of
from kg.workers.protocol import (
    Json,
    Received,
    change_from_body,
    error_to_body,
    form_named,
    joined,
    query_from_body,
    receive,
    send,
    send_file,
)
from kg.workers.sandbox import limit, run_after_readers, run_as_batch

_MOST_GROWTH = 16 * 2**20
"""What a worker may keep (bytes) of a query and be used again: it writes to some pages of the head that it shares."""
_LEAST_MEMORY = 64 * 2**20


class Extension(Protocol):
    """What workers need of the layers above, which the plan names as ``module:callable``."""

    @property
    def validate(self) -> Validate:
        """What validates changes."""

    def prepare(self, dataset: Dataset | None) -> None:
        """Import, parse and cache what validation needs, given the head; workers forked later share it."""

    def virtual(self, version: Version) -> bytes:
        """Return the N-Quads of the virtual graph of a version."""


@dataclass(frozen=True)
class Limits:
    """What a worker may use: bytes of memory beyond the head, bytes of a file, which an answer is written to."""

    memory: int
    file: int


@dataclass(frozen=True)
class Equipment:
    """What workers inherit: the store and its head, the limits of either kind, where they may go, the extension.

    ``in_every_form`` tells that every form must carry what is added. ``zygote`` is the process that workers are forked
    from, and ``isolated`` tells that they could not go elsewhere.
    """

    store: Store
    head: Head
    queried_graphs: tuple[str, ...]
    limits: Mapping[str, Limits]
    allowed: tuple[Destination, ...]
    extension: Extension
    in_every_form: bool = True
    zygote: int = 0
    isolated: bool = False


def run_query_worker(pipe: socket.socket, limits: Limits, equipment: Equipment) -> None:
    """Answer queries until the client is gone."""
    _enter(pipe, limits)
    QueryWorker(pipe, equipment).run()


class QueryWorker:
    """Answers queries on the versions that they name, one after the other."""

    def __init__(self, pipe: socket.socket, equipment: Equipment) -> None:
        """Take the channel to the client."""
        self._pipe = pipe
        self._equipment = equipment
        self._settled = memory_of()

    def run(self) -> None:
        """Answer until the client is gone."""
        while True:
            try:
                request = receive(self._pipe)
            except (EOFError, OSError):
                return
            output = os.memfd_create("answer")
            reply = _guarded(lambda: self._answer(request, Path(f"/proc/self/fd/{output}")))  # noqa: B023 - called here
            del request
            reply["spent"] = memory_of() > self._settled + _MOST_GROWTH
            if "error" in reply:
                send(self._pipe, {"error": True, "spent": reply["spent"]}, reply["error"])
            else:
                send_file(self._pipe, reply, output)
            os.close(output)

    def _answer(self, request: Received, output: Path) -> Json:
        message = request.message
        if message["do"] == "graph":
            form = form_named(message["form"])
            assert form, message  # noqa: S101 - the client sends no other
            return {"exists": self._engine(message["version"]).write_graph(message["name"], form, output)}
        query = query_from_body(request.body())
        equipment = self._equipment
        check_targets(query.reading, query.base_iri, equipment.allowed, isolated=equipment.isolated)
        engine = self._engine(message["version"])
        try:
            kind, form = engine.evaluate(query, output)
        except ApartNeeded:
            virtual = equipment.extension.virtual(equipment.store.version(message["version"]))
            kind, form = engine.evaluate(query, output, virtual)
        return {"kind": kind, "form": form.name, "volatile": not is_repeatable(query)}

    def _engine(self, number: int) -> Engine:
        """Return the engine of a version; the head catches up where it is behind."""
        store = self._equipment.store
        current = store.current()
        is_current = current is not None and current.number == number
        return self._equipment.head.engine(current if is_current else store.version(number))


def run_update_process(pipe: socket.socket, limits: Limits, equipment: Equipment) -> None:
    """Evaluate one change of the current version, prove it and validate it; reply with what is to be committed."""
    _enter(pipe, limits)
    run_after_readers()
    request = receive(pipe)

    def validate(dataset: Dataset, patch: Patch) -> Pending:
        send(pipe, {"evaluated": True})
        return equipment.extension.validate(dataset, patch)

    reply = _guarded(lambda: _change(request, equipment, validate))
    body: bytes = reply.pop("error" if "error" in reply else "body")
    try:
        send(pipe, reply or {"error": True}, body)
    except OSError:  # it outgrew the largest file
        os._exit(OUT_OF_MEMORY)


def _change(request: Received, equipment: Equipment, validate: Validate) -> Json:
    change = change_from_body(request.body())
    if change.kind == "update":
        check_targets(change.reading, change.base_iri, equipment.allowed, isolated=equipment.isolated)
    is_first = equipment.store.current() is None
    dataset = Dataset(equipment.queried_graphs) if is_first else equipment.head.engine().dataset
    result = evaluated(dataset, change, validate, in_every_form=equipment.in_every_form)
    pending = result.pending
    body = joined(pending.patch.to_text().encode(), pending.report)
    return {"existed": result.existed, "warnings": pending.warnings, "body": body}


def _enter(pipe: socket.socket, limits: Limits) -> None:
    """Enter the sandbox, and say hello; exit where there is too little memory for any request."""
    limit(memory=limits.memory, file_size=limits.file)
    try:
        bytes(_LEAST_MEMORY)  # the kernel counts it and makes no page of it; a bytearray takes 40 ms to fill
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    run_as_batch()
    send(pipe, {"hello": os.getpid()}, descriptors=[os.pidfd_open(os.getpid())])


def _guarded(work: Callable[[], Json]) -> Json:
    """Return the reply that work makes, or the error that it raises; exit where memory is refused."""
    try:
        return work()
    except KgError as error:
        return {"error": error_to_body(error)}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:  # noqa: BLE001 - whatever it is, a panic of the engine's, the client must hear of it
        return {"error": error_to_body(_unexpected(error))}


def _unexpected(error: BaseException) -> UnexpectedError:
    what = f"{type(error).__name__}: {error}"[:500]
    return UnexpectedError(
        Message("worker.failed", what=what),
        cure=Message("worker.failed_cure"),
    )
