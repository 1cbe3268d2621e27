"""What the kernel tells of a process."""

from __future__ import annotations

import resource
import time
from pathlib import Path

_PAGE = resource.getpagesize()
_SCHEDULED = 2


def memory_of(process: int | str = "self") -> int:
    """Return how much memory a process holds that is its own and no file's (bytes); 0 for one that ended."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text("ascii").split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * _PAGE


def processor_seconds_of(process: int) -> float:
    """Return how many seconds of the processor a process has used; 0 for one that ended.

    The clock's number is made as ``clock_getcpuclockid(3)`` makes it.
    """
    try:
        return time.clock_gettime((~process << 3) | _SCHEDULED)
    except OSError:
        return 0.0
