"""Start a ``kg serve``, visit its site as a browser would, and print what is there as JSON; standard library only."""

import hashlib
import json
import re
import subprocess
import sys
from urllib.parse import urljoin
from urllib.request import urlopen


def read(address: str) -> str:
    """Read a document."""
    with urlopen(address, timeout=60) as answer:  # noqa: S310 - an address of the server
        return str(answer.read().decode())


def visit(address: str) -> dict[str, object]:
    """Return the sizes of the styles of the home page, whether it names a city, and the digest of the graph."""
    page = read(address)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    return {
        "styles": [len(read(urljoin(address, style))) for style in styles],
        "has_city": "홍구구" in page,
        "graph": hashlib.sha256(read(f"{address}downloads/kg.nq").encode()).hexdigest(),
    }


def main(kg: str) -> int:
    """Return the exit code of a server that does not start, or 0."""
    with subprocess.Popen([kg, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            address = process.stdout.readline().strip()
            if not address:
                return process.wait(10)
            print(json.dumps(visit(address)))  # noqa: T201 - a program of its own
        finally:
            process.terminate()
            process.wait(15)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
