"""Whether an evaluation met a number that the engine cannot hold: how that is sorted or compared is not sure."""

from __future__ import annotations

import threading


class _Overflow(threading.local):
    """The engine calls functions in the thread that evaluates."""

    is_met = False


_OVERFLOW = _Overflow()


def forget_overflow() -> None:
    """Begin an evaluation in this thread."""
    _OVERFLOW.is_met = False


def note_overflow() -> None:
    """Note that a function gave, or an aggregate may have met, a number that the engine cannot hold."""
    _OVERFLOW.is_met = True


def met_overflow() -> bool:
    """Return whether that was noted since the evaluation in this thread began."""
    return _OVERFLOW.is_met
