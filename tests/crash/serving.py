"""A server that is killed: started and timed, killed in several ways, and seen to leave no process behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from attack.running import Running, Sent, eventually, send
from conformance.live_server import LOOPBACK, address_of

Victim = Literal["group", "main", "serving", "zygote"]
VICTIMS: tuple[Victim, ...] = ("group", "main", "serving", "zygote")
"""Who is killed: every process; the one that was started; one that answers; the one that workers are forked from.

Another takes the place of one of the last two, but where a process that answers dies twice within a few seconds the
server ends, and is started anew.
"""

_END_SECONDS = 10
_READY_SECONDS = 60
_PAUSE_SECONDS = 0.01
_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _FIRST_TICKS, _LAST_TICKS = 1, 11, 15


@dataclass(frozen=True)
class Restart:
    """How long it took until the server answered again, and how much of the processors it used (seconds)."""

    victim: Victim
    wall: float
    processor: float


def environment_of(store: Path) -> dict[str, str]:
    """Return the environment of a server on a store, and nothing set beside that."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    return kept | {"KG_STORE": str(store), "KG_HOST": LOOPBACK, "KG_ACCESS_LOG": os.devnull}


def launch(store: Path) -> subprocess.Popen[str]:
    """Begin to start a server, in a group of processes of its own."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0"]
    return subprocess.Popen(
        command, env=environment_of(store), stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def start(store: Path) -> Running:
    """Start a server, and wait until it has answered from the store."""
    process = launch(store)
    server = Running(process, int(address_of(process).rstrip("/").rpartition(":")[2]))
    await_ready(server)
    return server


def await_ready(server: Running) -> None:
    """Wait until a server answers that it is ready."""
    assert eventually(lambda: _is_ready(server), _READY_SECONDS), "the server is not ready again"


def _is_ready(server: Running) -> bool:
    try:
        return send(server, Sent(target="/readyz")).status == 200
    except OSError:
        return False


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a server with all of its processes."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(_END_SECONDS)
    if process.stdout:
        process.stdout.close()


def killed(server: Running, victim: Victim, store: Path) -> tuple[Running, Restart]:
    """Kill a server, start it anew at once where nobody else does, and see that of the old one nothing is left."""
    old = server.members()
    begun = time.monotonic()
    if victim in ("serving", "zygote"):
        doomed = _child(server, is_zygote=victim == "zygote")
        expected = [doomed, *_children(server, doomed)]
        os.kill(doomed, signal.SIGKILL)
        if eventually(lambda: server.process.poll() is not None or _is_renewed(server, old), _READY_SECONDS):
            _await_end(old if server.process.poll() is not None else expected)
        if server.process.poll() is None:
            await_ready(server)
            return server, Restart(victim, time.monotonic() - begun, _processor_seconds_of_new(server, old))
    elif victim == "group":
        kill(server.process)
    else:
        server.process.kill()
        server.process.wait(_END_SECONDS)
    server.process.wait(_END_SECONDS)
    begun = time.monotonic()
    fresh = start(store)
    restart = Restart(victim, time.monotonic() - begun, processor_seconds(fresh.process.pid))
    _await_end(old)
    if server.process.stdout:
        server.process.stdout.close()
    return fresh, restart


def _is_renewed(server: Running, old: list[int]) -> bool:
    return any(member not in old for member in server.members()) and _is_ready(server)


def _processor_seconds_of_new(server: Running, old: list[int]) -> float:
    """Return what the living processes of a server used that are none of the old ones, with those they buried."""
    stats = [_stat(member) for member in server.members() if member not in old]
    return sum(int(ticks) for stat in stats for ticks in stat[_FIRST_TICKS:_LAST_TICKS]) / _TICKS


def _await_end(members: list[int]) -> None:
    def left() -> list[int]:
        return [member for member in members if _state(member) not in ("", "Z")]

    assert eventually(lambda: not left(), _END_SECONDS), f"left behind: {left()}"


def _child(server: Running, *, is_zygote: bool) -> int:
    """Return the zygote, or a process that answers: a child of the one that was started."""
    children = _children(server, server.process.pid)
    return next(child for child in children if ("zygote" in _name(child)) == is_zygote)


def _children(server: Running, parent: int) -> list[int]:
    stats = {member: _stat(member) for member in server.members()}
    return [member for member, stat in stats.items() if stat and int(stat[_PARENT]) == parent]


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text()
    except OSError:
        return ""


def processor_seconds(session: int) -> float:
    """Return what the living processes of a session used, together with what those used that they buried."""
    stats = [_stat(int(path.name)) for path in Path("/proc").glob("[0-9]*")]
    ours = [stat for stat in stats if stat and int(stat[3]) == session]
    return sum(int(ticks) for stat in ours for ticks in stat[_FIRST_TICKS:_LAST_TICKS]) / _TICKS


def _state(process: int) -> str:
    stat = _stat(process)
    return stat[0] if stat else ""


def _stat(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
