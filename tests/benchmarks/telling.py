"""What a benchmark prints while it runs."""

import os
import sys


def say(*lines: str) -> None:
    """Print lines at once, also where they go into a file."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def say_load() -> None:
    """Print what the machine has, and how busy it is."""
    say(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.2f}")
