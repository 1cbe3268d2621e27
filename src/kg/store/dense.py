"""Writing a triple store anew in a process of its own: the engine would keep every thread of this one waiting.

Run as ``python -m kg.store.dense OXIGRAPH TARGET``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kg.store.confinement import die_with_parent, give_way, small_thread_stacks
from kg.store.contents import write_anew


def write_densely(oxigraph: Path, target: Path) -> None:
    """Write what a triple store that nobody writes to holds into another, in one go.

    :raises OSError: it could not be done
    """
    command = [sys.executable, "-I", "-m", "kg.store.dense", str(oxigraph), str(target)]
    told = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if told.returncode:
        raise OSError(f"{oxigraph} could not be written anew: {told.stderr[-500:]}")


def main(oxigraph: Path, target: Path) -> None:
    """Do it, while others go first."""
    die_with_parent()
    give_way()
    small_thread_stacks()
    write_anew(oxigraph, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
