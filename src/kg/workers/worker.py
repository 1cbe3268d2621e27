"""The forked processes: the query worker, which serves one client, and the update process."""

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
from kg.store import (
    Dataset,
    Engine,
    Head,
    PendingCommit,
    Store,
    Validate,
    Version,
    VirtualGraphNeeded,
    evaluate_change,
    is_repeatable,
)
from kg.workers.destinations import Destination, check_remote_targets
from kg.workers.exit_causes import OUT_OF_MEMORY
from kg.workers.procfs import memory_of
from kg.workers.protocol import (
    Json,
    Received,
    change_from_body,
    error_to_body,
    form_named,
    join_bodies,
    query_from_body,
    receive,
    send,
    send_file,
)
from kg.workers.sandbox import limit, run_after_readers, run_as_batch

_MOST_GROWTH = 16 * 2**20
"""Growth (bytes) beyond which a worker is recycled; below it are pages of the shared head that it wrote to."""
_LEAST_MEMORY = 64 * 2**20
"""With less than this a worker exits at its start: it could not answer any request."""


class Extension(Protocol):
    """Hooks that the packages above give the workers."""

    @property
    def validate(self) -> Validate:
        """The validator of changesets."""

    def warm_up(self, dataset: Dataset | None) -> None:
        """Import, parse and cache for validation, given the head; workers forked later share the memory."""

    def virtual(self, version: Version) -> bytes:
        """Return the N-Quads of the virtual graph of a version."""


@dataclass(frozen=True)
class Limits:
    """Bytes of memory beyond the head, and bytes of a file: answers are written to a file."""

    memory: int
    file: int


@dataclass(frozen=True)
class WorkerContext:
    """State that workers inherit: the store and its head, limits by kind, allowed destinations, hooks.

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


def run_query_worker(pipe: socket.socket, limits: Limits, context: WorkerContext) -> None:
    """Enter the sandbox, and answer queries until the client is gone."""
    _enter_sandbox(pipe, limits)
    QueryWorker(pipe, context).run()


class QueryWorker:
    """Answers queries of one client, one after the other."""

    def __init__(self, pipe: socket.socket, context: WorkerContext) -> None:
        """Take the client's channel."""
        self._pipe = pipe
        self._context = context
        self._settled = memory_of()

    def run(self) -> None:
        """Answer queries until the client is gone."""
        while True:
            try:
                request = receive(self._pipe)
            except (EOFError, OSError):
                return
            output = os.memfd_create("answer")
            reply = _guarded(lambda: self._answer(request, Path(f"/proc/self/fd/{output}")))  # noqa: B023 - called here
            del request
            reply["recycle"] = memory_of() > self._settled + _MOST_GROWTH
            if "error" in reply:
                send(self._pipe, {"error": True, "recycle": reply["recycle"]}, reply["error"])
            else:
                send_file(self._pipe, reply, output)
            os.close(output)

    def _answer(self, request: Received, output: Path) -> Json:
        message = request.message
        if message["do"] == "graph":
            form = form_named(message["form"])
            assert form, message  # noqa: S101 - the client sends known forms only
            return {"exists": self._engine(message["version"]).write_graph(message["name"], form, output)}
        query = query_from_body(request.body())
        context = self._context
        check_remote_targets(query.parsed, query.base_iri, context.allowed, isolated=context.isolated)
        engine = self._engine(message["version"])
        try:
            kind, form = engine.evaluate(query, output)
        except VirtualGraphNeeded:
            virtual = context.extension.virtual(context.store.version(message["version"]))
            kind, form = engine.evaluate(query, output, virtual)
        return {"kind": kind, "form": form.name, "volatile": not is_repeatable(query)}

    def _engine(self, number: int) -> Engine:
        """Return the engine of a version; the head catches up if it is behind."""
        store = self._context.store
        current = store.current()
        is_current = current is not None and current.number == number
        return self._context.head.engine(current if is_current else store.version(number))


def run_update_process(pipe: socket.socket, limits: Limits, context: WorkerContext) -> None:
    """Evaluate one change of the current version, check and validate it; reply with the pending commit."""
    _enter_sandbox(pipe, limits)
    run_after_readers()
    request = receive(pipe)

    def validate(dataset: Dataset, patch: Patch) -> PendingCommit:
        send(pipe, {"evaluated": True})
        return context.extension.validate(dataset, patch)

    reply = _guarded(lambda: _change(request, context, validate))
    body: bytes = reply.pop("error" if "error" in reply else "body")
    try:
        send(pipe, reply or {"error": True}, body)
    except OSError:  # the body exceeded the file size limit
        os._exit(OUT_OF_MEMORY)


def _change(request: Received, context: WorkerContext, validate: Validate) -> Json:
    change = change_from_body(request.body())
    if change.kind == "update":
        check_remote_targets(change.parsed, change.base_iri, context.allowed, isolated=context.isolated)
    is_first = context.store.current() is None
    dataset = Dataset(context.queried_graphs) if is_first else context.head.engine().dataset
    result = evaluate_change(dataset, change, validate, in_every_form=context.in_every_form)
    pending = result.pending
    body = join_bodies(pending.patch.to_text().encode(), pending.report)
    return {"existed": result.existed, "warnings": pending.warnings, "body": body}


def _enter_sandbox(pipe: socket.socket, limits: Limits) -> None:
    """Enter the sandbox and say hello; exit if there is too little memory for any request."""
    limit(memory=limits.memory, file_size=limits.file)
    try:
        bytes(_LEAST_MEMORY)  # counted by the kernel, but no page is touched; filling a bytearray takes 40 ms
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    run_as_batch()
    send(pipe, {"hello": os.getpid()}, descriptors=[os.pidfd_open(os.getpid())])


def _guarded(work: Callable[[], Json]) -> Json:
    """Return the reply of ``work``, or a reply with the error that it raises; exit when out of memory."""
    try:
        return work()
    except KgError as error:
        return {"error": error_to_body(error)}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:  # noqa: BLE001 - a panic of the engine must reach the client, too
        return {"error": error_to_body(_unexpected(error))}


def _unexpected(error: BaseException) -> UnexpectedError:
    what = f"{type(error).__name__}: {error}"[:500]
    return UnexpectedError(
        Message("worker.failed", what=what),
        cure=Message("worker.failed_cure"),
    )
