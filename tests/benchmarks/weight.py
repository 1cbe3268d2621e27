"""Measures how heavy and how quick the pages are, over HTTP on a live server: ``make weight``."""

from __future__ import annotations

import re
import statistics
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from benchmarks.table import Figure, figure_lines
from benchmarks.telling import say, say_load
from serving import served

CITIES = ("laoshan", "hongkou", "jianhua", "baishan", "langfang", "dongcheng", "hebi", "zaozhuang")
CODES = ("ko", "en", "zh")
ROUNDS = 200
LOADED = re.compile(rb'<(?:link rel="(?:stylesheet|icon)" href|script src|script type="module" src)="(/[^"]+)"')


def main() -> int:
    """Measure, and print; 1 if a bound is not kept."""
    with TemporaryDirectory() as store, served(Path(store)) as address:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        figures = [
            Figure("heaviest first visit of a city, compressed", first_visit(connection), 60, "KB"),
            Figure("home, hot, median", median(connection, ["/"] * ROUNDS), 10, "ms"),
            Figure("home, not hot, median", median(connection, [f"/?n={n}" for n in range(ROUNDS)]), 50, "ms"),
        ]
    say(*figure_lines(figures))
    say_load()
    return 0 if all(figure.is_reached for figure in figures) else 1


def first_visit(connection: HTTPConnection) -> float:
    """Return the kilobytes of the heaviest city page with all that a browser loads for it the first time."""
    pages = [f"/page/municipality/{city}?lang={code}" for city in CITIES for code in CODES]
    return max(visited(connection, page) for page in pages) / 1000


def visited(connection: HTTPConnection, page: str) -> int:
    """Return the bytes of a page, compressed, with those of its styles, scripts and icon."""
    plain = fetch(connection, page, "identity")
    loaded = {path.decode() for path in LOADED.findall(plain)}
    assert any(path.endswith(".css") for path in loaded), "the styles were not built: make assets"
    return sum(len(fetch(connection, path, "br")) for path in (page, *loaded))


def median(connection: HTTPConnection, paths: list[str]) -> float:
    """Return the milliseconds that the middle one of requests takes."""
    fetch(connection, "/", "br")
    taken = []
    for path in paths:
        begun = time.perf_counter()
        fetch(connection, path, "br")
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def fetch(connection: HTTPConnection, path: str, coding: str) -> bytes:
    """Return the body of an answer as it is sent."""
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": coding})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return body


if __name__ == "__main__":
    sys.exit(main())
