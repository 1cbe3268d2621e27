"""The sandbox of a process that evaluates queries: no network, bounded resources."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
from collections.abc import Collection
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CLONE_NEWNS = 0x00020000
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_NO_NEW_PRIVS = 38
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41

STACK_BYTES = 128 * 2**20
"""Enough for queries that nest tens of thousands of groups; the default of 8 MB overflows at 5,000."""
_NICENESS_OF_UPDATES = 10
"""A share of about a tenth against a query at the default niceness."""
_NICENESS_OF_DEMOTED = 19
"""The least that the kernel has."""

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int | None = None) -> None:
    """Ask the kernel to kill this process when the thread that started it ends.

    A known ``parent`` may have exited before the call: then this process exits, too.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def set_name(name: str) -> None:
    """Give this process a name of at most 15 characters, which its children inherit; ``ps`` and ``top`` show it."""
    _libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def close_descriptors(*, but: Collection[int]) -> None:
    """Close all descriptors but these; redirect standard input and output to ``/dev/null``."""
    for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 - nothing but names
        if descriptor not in but:
            with contextlib.suppress(OSError):  # the descriptor of the listing itself is closed already
                os.close(descriptor)
    os.open(os.devnull, os.O_RDWR)
    os.dup2(0, 1)


def leave_network() -> bool:
    """Unshare the network and mount namespaces; the new network has a loopback interface only.

    This takes a single-threaded process. Return False if the kernel refuses.
    """
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWNS) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP_RUNNING))
    return True


def limit(*, memory: int, file_size: int) -> None:
    """Set hard limits: bytes of memory beyond the present size, bytes of a file, no core dump, no new privileges.

    The present size is the head shared with the zygote, so a query's memory does not depend on the size of the graph.
    """
    wanted = _data_bytes() + memory
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, highest = resource.getrlimit(resource.RLIMIT_STACK)
    stack = STACK_BYTES if highest == resource.RLIM_INFINITY else min(STACK_BYTES, highest)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, highest))
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _data_bytes() -> int:
    """Return the bytes that the kernel counts against ``RLIMIT_DATA`` for this process."""
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))


def run_as_batch() -> None:
    """Set ``SCHED_BATCH``, so that waking this process does not preempt the serving process."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def run_after_readers() -> None:
    """Lower the priority of this process below that of readers: an update waits for the disk anyway."""
    os.nice(_NICENESS_OF_UPDATES)


def run_when_idle(process: int) -> None:
    """Set ``SCHED_IDLE`` for a process, so that every other process preempts it."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, _NICENESS_OF_DEMOTED)
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
