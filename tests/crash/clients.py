"""Clients of a server that is about to be killed: each knows what it asked to be changed, and what it was told."""

from __future__ import annotations

import csv
import http.client
import io
import itertools
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import pyoxigraph

from attack.running import Reply, Running, Sent, ask, send
from entry import BASE, entering
from kg.store.contents import lines_of

SIZE = 12
"""How many triples there are in a graph that is put."""
_PLACE = "http://apart.example/"
_PATIENCE = 60
_UNREADABLE = "INSERT DATA { this is no triple }"
_VIOLATION = f"INSERT DATA {{ GRAPH <{BASE}graphs/page> {{ <{BASE}id/event/x> a <{BASE}ontology#ExchangeEvent> }} }}"
_GRAPHS = (
    f"SELECT ?graph ?mark (COUNT(*) AS ?count) {{ GRAPH ?graph {{ ?s <{_PLACE}mark> ?mark }} }} GROUP BY ?graph ?mark"
)
_ENTRIES = f"""PREFIX kg: <{BASE}ontology#>
SELECT ?entry (COUNT(*) AS ?count) {{
  ?event kg:datePrinted "2025년 3월" ; kg:record ?entry {{ ?entry ?p ?o }} UNION {{ ?event ?p ?o }}
}} GROUP BY ?entry"""

Kind = Literal["enter", "put", "delete", "refused"]
Outcome = Literal["acknowledged", "refused", "unknown"]


@dataclass
class Attempt:
    """What a client asked for: the quads that are to be there more, or a graph to be gone; and what it was told."""

    kind: Kind
    sent: Sent
    added: frozenset[str] = frozenset()
    outcome: Outcome = "unknown"


class Writer:
    """A client that changes things, one after the other, with a token of its own and a graph of its own."""

    def __init__(self, name: str, secret: str, seed: int) -> None:
        """Begin with no attempt; the seed decides what will be tried."""
        self.name = name
        self.graph = f"{_PLACE}{name}"
        self.attempts: list[Attempt] = []
        self.faults: list[str] = []
        self._fields = {"Authorization": f"Bearer {secret}"}
        self._rng = random.Random(seed)

    def write(self, server: Running, over: threading.Event) -> None:
        """Change one thing after the other until it is over."""
        while not over.is_set():
            attempt = self._next()
            self.attempts.append(attempt)
            try:
                reply = send(server, attempt.sent, _PATIENCE)
            except (OSError, http.client.HTTPException) as error:
                if not over.is_set():
                    self.faults.append(f"{self.name}: {attempt.kind}: {type(error).__name__} {error}")
                return
            attempt.outcome = "acknowledged" if reply.status < 300 else "refused"
            self._judge(attempt, reply)

    def entered(self) -> int:
        """Return how many exchanges it was told are entered."""
        return sum(attempt.kind == "enter" and attempt.outcome == "acknowledged" for attempt in self.attempts)

    def _judge(self, attempt: Attempt, reply: Reply) -> None:
        expected = {
            "enter": {204, 503},
            "put": {201, 204, 503},
            "delete": {204, 404, 503},
            "refused": {400, 401, 422, 503},
        }[attempt.kind]
        if reply.status not in expected:
            self.faults.append(f"{self.name}: {attempt.kind}: {reply.status} {reply.body[:200]!r}")

    def _next(self) -> Attempt:
        name = f"{self.name}-{len(self.attempts)}"
        kind = self._rng.choices(("enter", "put", "delete", "refused"), (5, 3, 1, 2))[0]
        if kind == "enter":
            return Attempt("enter", self._update(entering(name)), _inserted(entering(name)))
        if kind == "put":
            lines = [f'<{_PLACE}{name}/{number}> <{_PLACE}mark> "{name}"' for number in range(SIZE)]
            body = "".join(f"{line} .\n" for line in lines).encode()
            fields = {**self._fields, "Content-Type": "application/n-triples"}
            added = frozenset(f"{line} <{self.graph}> ." for line in lines)
            return Attempt("put", Sent("PUT", self._target(), fields, body), added)
        if kind == "delete":
            return Attempt("delete", Sent("DELETE", self._target(), self._fields))
        refused = self._update(_UNREADABLE), self._update(_VIOLATION), self._unauthorized(entering(name))
        return Attempt("refused", self._rng.choice(refused))

    def _update(self, text: str) -> Sent:
        fields = {**self._fields, "Content-Type": "application/sparql-update"}
        return Sent("POST", "/sparql", fields, text.encode())

    def _unauthorized(self, text: str) -> Sent:
        sent = self._update(text)
        return Sent(sent.method, sent.target, {**sent.fields, "Authorization": "Bearer kg_wrong"}, sent.body)

    def _target(self) -> str:
        return f"/graphs?graph={quote(self.graph, safe='')}"


def _inserted(update: str) -> frozenset[str]:
    store = pyoxigraph.Store()
    store.update(update)
    return frozenset(lines_of(store))


class Reader:
    """A client that sees to it that changes are there whole or not at all, and that what was told stays true."""

    def __init__(self, writers: list[Writer]) -> None:
        """Know those who write."""
        self._writers = writers
        self._whole = len(_inserted(entering("any")))
        self.faults: list[str] = []
        self.answers = 0

    def read(self, server: Running, over: threading.Event) -> None:
        """Ask until it is over."""
        for look in itertools.cycle((self._entries, self._graphs)):
            if over.is_set():
                return
            try:
                look(server)
                self.answers += 1
            except (OSError, http.client.HTTPException) as error:
                if not over.is_set():
                    self.faults.append(f"reader: {type(error).__name__} {error}")
                return

    def _entries(self, server: Running) -> None:
        entered = sum(writer.entered() for writer in self._writers)
        rows = self._rows(server, _ENTRIES)
        if len(rows) < entered:
            self.faults.append(f"reader: {len(rows)} exchanges of {entered}")
        self.faults += [f"reader: half there: {row}" for row in rows if int(row["count"]) != self._whole]

    def _graphs(self, server: Running) -> None:
        rows = self._rows(server, _GRAPHS)
        if len({row["graph"] for row in rows}) < len(rows):
            self.faults.append(f"reader: two at once: {rows}")
        self.faults += [f"reader: half there: {row}" for row in rows if int(row["count"]) != SIZE]

    def _rows(self, server: Running, query: str) -> list[Mapping[str, str]]:
        reply = ask(server, query, patience=_PATIENCE)
        if reply.status != 200:
            self.faults.append(f"reader: {reply.status} {reply.body[:200]!r}")
            return []
        return list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))


class Stream:
    """Clients at work, each in a thread of its own, until they are told that it is over."""

    def __init__(self, server: Running, writers: list[Writer], readers: list[Reader]) -> None:
        """Have them begin."""
        self._over = threading.Event()
        works: list[Callable[[Running, threading.Event], None]] = [writer.write for writer in writers]
        works += [reader.read for reader in readers]
        self._threads = [threading.Thread(target=work, args=(server, self._over)) for work in works]
        for thread in self._threads:
            thread.start()

    def is_over(self) -> None:
        """Tell them that from now on the server may be gone."""
        self._over.set()

    def join(self) -> None:
        """Wait until they have given up."""
        for thread in self._threads:
            thread.join()
