"""Ordinary clients: eight of them, each asking questions whose answers are known, in a process of their own.

``python -m attack.ordinary PORT SECONDS`` prints what came of it as JSON when its time, or its standard input, ends.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from conformance.live_server import LOOPBACK

CLIENTS = 8
_PAUSE_SECONDS = 0.02
_PATIENCE_SECONDS = 20
_MOST_SECONDS = 600.0
_QUERIES = Path(__file__).parents[2] / "src" / "kg" / "rdf" / "queries"
_GOLDEN = Path(__file__).parents[1] / "questions" / "golden"


@dataclass(frozen=True)
class Question:
    """A question, and the rows that answer it, as a reader of the page finds them; None where any will do."""

    name: str
    text: str
    rows: list[dict[str, str]] | None

    def is_answered_by(self, status: int, body: bytes) -> bool:
        """Tell whether an answer in CSV is right."""
        if status != 200 or self.rows is None:
            return status == 200
        found = csv.DictReader(io.StringIO(body.decode("utf-8", "replace"), newline=""))
        return [{name: row.get(name, "") for name in self.rows[0]} for row in found] == self.rows


def questions() -> list[Question]:
    """Read the twelve questions with their answers, which were worked out by hand."""
    return [_question(path) for path in sorted(_QUERIES.glob("*.rq"))]


def _question(path: Path) -> Question:
    with (_GOLDEN / f"{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        return Question(path.stem, path.read_text("utf-8"), list(csv.DictReader(file)))


@dataclass
class Report:
    """What came of it: milliseconds of each right answer, and a line for each that was wrong or lost."""

    milliseconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Return the milliseconds that so large a share of the answers kept within.

        >>> Report([3.0, 1.0, 2.0]).percentile(0.99)
        3.0
        """
        ranked = sorted(self.milliseconds)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else float("inf")


class Client:
    """One client with one connection that it keeps; every other question is one never asked before."""

    def __init__(self, number: int, port: int, every: list[Question], report: Report) -> None:
        """Take a number that no other client has, and the questions to ask."""
        self._number = number
        self._every = every
        self._port = port
        self._report = report
        self._asked = 0
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask_until(self, deadline: float) -> None:
        """Ask one question after the other, with a pause between."""
        while time.monotonic() < deadline:
            await self._ask(self._every[(self._asked + self._number) % len(self._every)])
            self._asked += 1
            await asyncio.sleep(_PAUSE_SECONDS)
        self._hang_up()

    async def _ask(self, question: Question) -> None:
        mark = f"# {self._number} {self._asked}\n" if self._asked % 2 else ""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                status, body = await self._exchange(mark + question.text)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self._hang_up()
            self._report.faults.append(f"{question.name}: lost: {type(error).__name__} {error}")
            return
        taken = (time.monotonic() - begun) * 1000
        if question.is_answered_by(status, body):
            self._report.milliseconds.append(taken)
        else:
            self._report.faults.append(f"{question.name}: {status} {body[:300].decode('utf-8', 'replace')}")

    async def _exchange(self, text: str) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(LOOPBACK, self._port)
        reader, writer = self._streams
        head = f"GET /sparql?query={quote(text)} HTTP/1.1\r\nHost: {LOOPBACK}:{self._port}\r\nAccept: text/csv\r\n\r\n"
        writer.write(head.encode("ascii"))
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith("content-length:"))
        return int(lines[0].split()[1]), await reader.readexactly(length)

    def _hang_up(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def ask_all(port: int, seconds: float, every: list[Question]) -> Report:
    """Have all clients ask for so long, or until standard input is closed."""
    report = Report()
    clients = [Client(number, port, every, report) for number in range(CLIENTS)]
    deadline = time.monotonic() + seconds
    asking = asyncio.gather(*(client.ask_until(deadline) for client in clients))
    closed = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait([asking, closed], return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    return report


def main(port: int, seconds: float, *, is_changing: bool) -> None:
    """Ask, and print what came of it; of a graph that changes meanwhile, any answer is right."""
    every = [replace(question, rows=None) if is_changing else question for question in questions()]
    sys.stdout.write("They are about to ask.\n")
    sys.stdout.flush()
    report = asyncio.run(ask_all(port, seconds, every))
    json.dump({"milliseconds": report.milliseconds, "faults": report.faults}, sys.stdout)


@contextmanager
def ordinary_clients(port: int, *, is_changing: bool = False) -> Iterator[Report]:
    """Have the ordinary clients ask during the block; the report is filled at its end."""
    command = [sys.executable, "-m", "attack.ordinary", str(port), str(_MOST_SECONDS), *["changing"] * is_changing]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        report = Report()
        assert process.stdout
        process.stdout.readline()
        try:
            yield report
        finally:
            answer = json.loads(process.communicate(timeout=_PATIENCE_SECONDS + 5)[0])
            report.milliseconds += answer["milliseconds"]
            report.faults += answer["faults"]


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), is_changing="changing" in sys.argv)
