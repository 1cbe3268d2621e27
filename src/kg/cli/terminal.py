"""Tables and progress for a terminal; what goes to a file or a pipe has neither styles nor progress."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Text from the graph must not steer the terminal."""
_GAP = "  "


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print aligned columns under their headings."""
    lines = table([headings, *rows])
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    console.print(Text(lines[0], style="bold"))
    for line in lines[1:]:
        console.print(Text(line))


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align columns by the cells that their text takes on a terminal.

    >>> table([("city", "n"), ("홍구구", "21"), ("Hebi", "3")])
    ['city    n', '홍구구  21', 'Hebi    3']
    """
    cells = [[_CONTROL.sub(" ", cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    return [
        _GAP.join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def progress(what: str) -> AbstractContextManager[object]:
    """Show what runs, and for how long, on standard error if that is a terminal; leave nothing behind."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        return nullcontext()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    shown.add_task(what, total=None)
    return shown
