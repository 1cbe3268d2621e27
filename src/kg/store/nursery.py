"""Where workers are born: a process with one thread and no network that forks a worker whenever it is asked to.

Run as ``python -m kg.store.nursery DESCRIPTOR MEMORY FILE_SIZE [DESTINATION…]``. Over the socket it says whether it has
left the network, with its gates; then it takes ``prepare CONTENTS`` and reads what workers are to hold, or, where
a base is named with it, changes what it read of that by the patch in a file that comes along;
``fork CONTENTS`` with the worker's end of a pipe, and replies with the process id; or ``wait PID``, and replies with
the wait status.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass

from kg.sparql import warm_up
from kg.store.allowed import Destination, read_destinations
from kg.store.confinement import die_with_parent, do_not_interrupt, leave_network, limit
from kg.store.engine import Engine
from kg.store.gates import open_gates
from kg.store.patches import Patch
from kg.store.preloading import Contents, Preloads, Step
from kg.store.worker import Worker

_LONGEST_COMMAND = 16 * 1024


@dataclass(frozen=True)
class Terms:
    """What every worker is born into: bytes of memory and of a file, where it may go, whether it could go elsewhere."""

    memory: int
    file_size: int
    allowed: tuple[Destination, ...]
    isolated: bool


def main(descriptor: int, memory: int, file_size: int, *allowed: str) -> None:
    """Serve the socket until the other side is gone."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    destinations = read_destinations(allowed)
    terms = Terms(memory, file_size, destinations, isolated=leave_network())
    with socket.socket(fileno=descriptor) as control:
        _say_hello(control, terms)
        warm_up()
        preloads = Preloads(memory)
        while True:
            text, descriptors, _, _ = socket.recv_fds(control, _LONGEST_COMMAND, 1)
            command, _, rest = text.partition(b" ")
            if command == b"fork":
                contents = _contents(rest)
                control.sendall(str(_fork(control, descriptors[0], terms, preloads.engines(contents))).encode())
            elif command == b"prepare":
                step = _step(rest, descriptors[0])
                preloads.prepare(_contents(rest), step)
                if step is None:
                    gc.collect()
                    gc.freeze()
                control.sendall(b"prepared")
            elif command == b"wait":
                control.sendall(str(_wait(int(rest))).encode())
            else:
                return


def _contents(text: bytes) -> Contents | None:
    told = json.loads(text)
    return Contents(told[0], tuple(told[1])) if told else None


def _step(text: bytes, patch: int) -> Step | None:
    """Return what a command says of the version before, and close the file that came with it."""
    base = json.loads(text)[2]
    with os.fdopen(patch, "rb") as file:
        file.seek(0)
        return Step(base, Patch.from_text(file.read().decode())) if base else None


def _say_hello(control: socket.socket, terms: Terms) -> None:
    gates = open_gates(terms.allowed) if terms.isolated else []
    hello = [b"isolated" if terms.isolated else b"connected"]
    socket.send_fds(control, hello, [gate.fileno() for gate in gates])
    for gate in gates:
        gate.close()


def _fork(control: socket.socket, pipe: int, terms: Terms, engines: dict[str, Engine]) -> int:
    nursery = os.getpid()
    process = os.fork()
    if process:
        os.close(pipe)
        return process
    die_with_parent(nursery)
    control.close()
    limit(memory=terms.memory, file_size=terms.file_size)
    do_not_interrupt()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # a backtrace of every query that dies tells nothing
    try:
        Worker(socket.socket(fileno=pipe), terms.allowed, isolated=terms.isolated, engines=engines).run()
    finally:
        os._exit(0)


def _wait(process: int) -> int:
    try:
        return os.waitpid(process, 0)[1]
    except ChildProcessError:
        return 0


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
