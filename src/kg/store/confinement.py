"""What a process that evaluates foreign queries gives up before it begins: the network, and resources without bound."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CLONE_NEWNS = 0x00020000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41

STACK_BYTES = 128 * 2**20
"""Room for queries that nest tens of thousands of groups; the stock 8 MB end with 5,000."""

_THREAD_STACK_BYTES = 2**20
_NICENESS = 10
_ATTRIBUTES_BYTES = 128  # more than a pthread_attr_t has on any machine

_FLUSHES = {"x86_64": (0xC000003E, 74, 75), "aarch64": (0xC00000B7, 82, 83)}
"""What the kernel calls a machine (linux/audit.h), and there the numbers of fsync and fdatasync."""
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _DO_NOTHING = 0x7FFF0000, 0x00050000

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int | None = None) -> None:
    """Ask the kernel to kill this process when the thread that started it ends.

    A ``parent`` that is known ahead may have ended before it could be asked: then this process ends at once.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def leave_network() -> bool:
    """Move this process and its children to a network, and mounts, of their own; the network is but a loopback.

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
    """Bound this process for good: bytes of memory, bytes of any file it writes, no core dump, no new privileges."""
    small_thread_stacks()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, highest = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = STACK_BYTES if highest == resource.RLIM_INFINITY else min(STACK_BYTES, highest)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, highest))
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def small_thread_stacks() -> None:
    """Give a thread of the engine a stack of 1 MiB from now on, in this process and its children.

    To open a triple store the engine starts some 180 threads that end at once. To map the stock 8 MiB for each takes as
    long as all the rest of the opening.
    """
    attributes = ctypes.create_string_buffer(_ATTRIBUTES_BYTES)
    _libc.pthread_attr_init(attributes)
    _libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(_THREAD_STACK_BYTES))
    _libc.pthread_setattr_default_np(attributes)
    _libc.pthread_attr_destroy(attributes)


def flush_nothing() -> bool:
    """Have fsync and fdatasync do nothing in this process and tell that they did, for good.

    It is for one that changes a clone: the engine waits for the disk some forty times, one after the other, though
    nobody but the server makes a version of the clone, and that flushes every file of it first, all at once. ``limit``
    comes before. Returns False where the kernel refuses: then the engine waits.
    """
    machine = _FLUSHES.get(os.uname().machine)
    if machine is None:
        return False
    name, *flushes = machine
    steps = (
        (_LOAD, 0, 0, 4),
        (_IF_EQUAL, 0, 3, name),
        (_LOAD, 0, 0, 0),
        (_IF_EQUAL, 2, 0, flushes[0]),
        (_IF_EQUAL, 1, 0, flushes[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DO_NOTHING),
    )
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, described, 0, 0) == 0)


def do_not_interrupt() -> None:
    """Ask the kernel not to interrupt the server in favour of this process, which the server has just woken."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def give_way() -> None:
    """Let those go first who answer readers: whoever makes a change waits for the disk as well."""
    os.nice(_NICENESS)
