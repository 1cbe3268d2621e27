"""The sandbox of a process that evaluates requests of others: no network, bounded resources."""

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
"""Room for queries that nest tens of thousands of groups; the default 8 MB end with 5,000."""
_NICENESS_OF_UPDATES = 10
_NICENESS_OF_DEMOTED = 19

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int | None = None) -> None:
    """Ask the kernel to kill this process when the thread that started it ends.

    A ``parent`` that is known may have ended before the kernel was asked: then this process exits.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def set_name(name: str) -> None:
    """Give this process a name of at most 15 characters, which its children inherit; ``ps`` and ``top`` show it."""
    _libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def close_descriptors(*, but: Collection[int]) -> None:
    """Close what this process has open, with few exceptions; standard input and output are nothing after."""
    for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 - nothing but names
        if descriptor not in but:
            with contextlib.suppress(OSError):  # the one that listed them is closed
                os.close(descriptor)
    os.open(os.devnull, os.O_RDWR)
    os.dup2(0, 1)


def leave_network() -> bool:
    """Move this process and its children to network and mount namespaces of their own; the network is a loopback.

    Only a process with one thread can. Returns False where the kernel refuses.
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
    """Bound this process for good: bytes of memory beyond what it has, bytes of any file, no core dump, no privileges.

    What it has is the head, which it shares with the zygote: the memory of a query does not depend on the graph's size.
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
    """Return what the kernel counts against ``RLIMIT_DATA`` for this process."""
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))


def run_as_batch() -> None:
    """Ask the kernel not to interrupt the serving process in favour of this process, which it has just woken."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def run_after_readers() -> None:
    """Lower the priority of this process below that of readers: an update waits for the disk as well."""
    os.nice(_NICENESS_OF_UPDATES)


def run_when_idle(process: int) -> None:
    """Let every other process run before a process, and interrupt it."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, _NICENESS_OF_DEMOTED)
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
