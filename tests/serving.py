"""A server for a test: started as anyone would start it, and ended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 15


@contextmanager
def served(store: Path, **settings: str) -> Iterator[str]:
    """Serve a store on a port of its own with no settings but these, and give the address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    environment |= {"KG_STORE": str(store), "KG_ACCESS_LOG": os.devnull} | settings
    command = [sys.executable, "-m", "kg", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)
