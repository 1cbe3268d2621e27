"""Runs the clients for Node.js: one process per operation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from clients.endpoint import SECONDS

FOLDER = Path(__file__).parent
_NODE = str(Path(sys.executable).with_name("node"))


def run(client: str, operation: str, **asked: object) -> Any:
    """Run an operation of a client's script (``node/{client}.mjs``) and return its result.

    :raises AssertionError: the client failed; the message is its standard error
    """
    command = [_NODE, str(FOLDER / "node" / f"{client}.mjs"), operation]
    ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)
