"""What a benchmark prints while it runs."""

import sys


def say(*lines: str) -> None:
    """Print lines at once, also where they go into a file."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
