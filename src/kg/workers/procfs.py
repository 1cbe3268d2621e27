"""Memory and CPU time of a process, from the kernel."""

from __future__ import annotations

import resource
import time
from pathlib import Path

_PAGE = resource.getpagesize()
_SCHEDULED = 2


def memory_of(process: int | str = "self") -> int:
    """Return the anonymous resident memory of a process in bytes; 0 for a dead process."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text("ascii").split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * _PAGE


def processor_seconds_of(process: int) -> float:
    """Return the CPU seconds of a process; 0 for a dead process.

    The clock id is computed as in ``clock_getcpuclockid(3)``.
    """
    try:
        return time.clock_gettime((~process << 3) | _SCHEDULED)
    except OSError:
        return 0.0
