"""The life of a worker: a process that evaluates one request after the other until its pipe closes or it is killed."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from socket import socket
from typing import Any

from kg.errors import KgError, Message, UnexpectedError
from kg.store.allowed import Destination, check_targets
from kg.store.apart import ApartNeeded
from kg.store.confinement import flush_nothing, give_way
from kg.store.death import OUT_OF_MEMORY
from kg.store.engine import Engine, is_repeatable
from kg.store.patches import Patch
from kg.store.updating import Change, apply_change
from kg.store.wire import Inbox, answered, error_to_message, form_named, query_from_message, send

_KEPT_OPEN = 2
_SMALL = 64 * 1024


class Worker:
    """Answers requests from a pipe; keeps what it holds from its birth, and opens the versions it used last beside."""

    def __init__(
        self, pipe: socket, allowed: Sequence[Destination], *, isolated: bool, engines: dict[str, Engine]
    ) -> None:
        """Take the pipe, where SERVICE and LOAD may go, whether it could reach anything else, and what is open."""
        self._pipe = pipe
        self._inbox = Inbox(pipe)
        self._allowed = allowed
        self._isolated = isolated
        self._engines = engines
        self._is_changer = False
        self._descriptor = os.memfd_create("answer")
        self._output = Path(f"/proc/self/fd/{self._descriptor}")

    def run(self) -> None:
        """Answer until the other side is gone."""
        while True:
            try:
                message, body = self._inbox.receive()
            except (EOFError, OSError):
                return
            if message["do"] == "step":
                self._step(message, body)
            else:
                self._answer(message, body)

    def _step(self, message: dict[str, Any], body: bytes) -> None:
        """Go from one version that is open to another, by what changed; nobody waits for a reply."""
        engine, oxigraph = self._engines.pop(message["before"], None), message["oxigraph"]
        with suppress(BaseException):  # then the next query opens the version, as one of long ago
            if engine:
                self._keep_open(oxigraph, engine.changed(Path(oxigraph), Patch.from_text(body.decode())))

    def _answer(self, message: dict[str, Any], body: bytes) -> None:
        try:
            reply = getattr(self, f"_do_{message['do']}")(message, body)
        except KgError as error:
            reply = error_to_message(error)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except BaseException as error:  # noqa: BLE001 - whatever it is, a panic of the engine's, the server must hear of it
            reply = error_to_message(_unexpected(error))
        self._reply(reply)

    def _reply(self, reply: dict[str, Any]) -> None:
        size = os.fstat(self._descriptor).st_size if reply.get("body") else 0
        if size <= _SMALL:
            send(self._pipe, reply, os.pread(self._descriptor, size, 0) if size else b"")
            return
        with mmap.mmap(self._descriptor, size, access=mmap.ACCESS_READ) as written, memoryview(written) as view:
            send(self._pipe, reply, view)

    def _do_query(self, message: dict[str, Any], body: bytes) -> dict[str, Any]:
        length = message.get("apart_from")
        text, apart = (body, None) if length is None else (body[:length], body[length:])
        query = query_from_message(message, text)
        check_targets(query.reading, query.base_iri, self._allowed, isolated=self._isolated)
        try:
            kind, form = self._engine(message["oxigraph"]).evaluate(query, self._output, apart)
        except ApartNeeded:
            return {"needs": "apart"}
        return answered(kind, form.name, volatile=not is_repeatable(query))

    def _do_graph(self, message: dict[str, Any], _body: bytes) -> dict[str, Any]:
        form = form_named(message["form"])
        assert form, message  # noqa: S101 - the server sends no other
        exists = self._engine(message["oxigraph"]).write_graph(message["name"], form, self._output)
        return {"exists": exists, "body": exists}

    def _do_change(self, message: dict[str, Any], body: bytes) -> dict[str, Any]:
        self._become_changer()
        change = Change.from_message(message["change"], body)
        if change.kind == "update":
            check_targets(change.reading, change.base_iri, self._allowed, isolated=self._isolated)
        applied = apply_change(Path(message["oxigraph"]), change)
        self._output.write_bytes(applied.patch.to_text().encode())
        return {"existed": applied.existed, "body": True}

    def _become_changer(self) -> None:
        """Let go of what queries need, for the next request will be a change too."""
        if not self._is_changer:
            self._is_changer = True
            self._engines.clear()
            flush_nothing()
            give_way()

    def _engine(self, oxigraph: str) -> Engine:
        engine = self._engines.pop(oxigraph, None)
        return self._keep_open(oxigraph, engine or Engine(Path(oxigraph)))

    def _keep_open(self, oxigraph: str, engine: Engine) -> Engine:
        spare = [path for path, one in self._engines.items() if not one.is_held]
        for path in spare[: max(len(self._engines) + 1 - _KEPT_OPEN, 0)]:
            self._engines.pop(path)
        self._engines[oxigraph] = engine
        return engine


def _unexpected(error: BaseException) -> UnexpectedError:
    return UnexpectedError(
        Message(ko=f"질의 프로세스의 오류: {type(error).__name__}.", en=f"A worker failed: {type(error).__name__}."),
        cure=Message(ko="다시 보내 주십시오.", en="Send the request again."),
    )
