"""The command line: arguments, progress, exit codes."""

from kg.cli.commands import main

__all__ = [
    "main",
]
