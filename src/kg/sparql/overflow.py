"""Overflow flag: whether an evaluation met a number outside the engine's range, which may be sorted wrongly."""

from __future__ import annotations

import threading


class _Overflow(threading.local):
    """The engine calls functions in the thread that evaluates."""

    is_met = False


_OVERFLOW = _Overflow()


def forget_overflow() -> None:
    """Clear the flag of this thread, before an evaluation."""
    _OVERFLOW.is_met = False


def note_overflow() -> None:
    """Set the flag: a function returned, or an aggregate may have met, a number outside the engine's range."""
    _OVERFLOW.is_met = True


def met_overflow() -> bool:
    """Return whether that was noted since the evaluation in this thread began."""
    return _OVERFLOW.is_met
