"""The process that judges changes: it has the shapes parsed, and validates what a change can affect.

Run as ``python -m kg.gatekeeper DESCRIPTOR MEMORY HOME BASE_IRI``. Over the socket it takes the triple store of a
version to hold, to which it replies nothing; or those before and after a change with the lines of the change, and
replies with what validation found.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kg.build import shapes_graph
from kg.errors import Message, UnexpectedError
from kg.graph.evaluation import StoredGraph
from kg.graph.serialization import ntriples
from kg.graph.validation import MOST_CHANGED, Report, Revalidation, Rules, revalidate
from kg.iri import Iris
from kg.store.confinement import die_with_parent, do_not_interrupt, give_way, limit
from kg.store.held import HeldVersion
from kg.store.lookup import UnionOfGraphs
from kg.store.patches import Patch
from kg.store.wire import Inbox, error_to_message, send

_FILE_SIZE = 2**20


def main(descriptor: int, memory: int, home: str, base_iri: str) -> None:
    """Serve the socket until the other side is gone."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    limit(memory=memory, file_size=_FILE_SIZE)
    do_not_interrupt()
    give_way()
    with socket.socket(fileno=descriptor) as pipe:
        iris = Iris(base_iri)
        rules = Rules(shapes_graph(Path(home), iris), iris)
        gc.collect()
        gc.freeze()
        held, inbox = HeldVersion(), Inbox(pipe)
        while True:
            try:
                message, body = inbox.receive()
            except (EOFError, OSError):
                return
            if "hold" in message:
                with suppress(Exception):  # it may be gone by now
                    held.hold(Path(message["hold"]))
            else:
                send(pipe, *_answer(rules, held, message, body))


def _answer(rules: Rules, held: HeldVersion, message: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return judged(rules, held, message, body)
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - whatever it is, the gate must hear of it
        what = f"{type(error).__name__}: {error}"
        return error_to_message(
            UnexpectedError(
                Message(ko=f"변경을 검증하지 못했습니다({what}).", en=f"The change could not be validated ({what})."),
                cure=Message(ko="운영자에게 알려 주십시오.", en="Tell the operator."),
            )
        ), b""


def judged(rules: Rules, held: HeldVersion, message: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the results that a change brings, and the SHACL report of them as N-Triples.

    The message names the triple stores ``before`` (or null) and ``after``; the body has the patch between them.
    """
    patch = Patch.from_text(body.decode())
    before = Path(message["before"]) if message["before"] else None
    brought = validated(rules, held, before, Path(message["after"]), patch).brought
    return {"results": [asdict(result) for result in brought.results]}, ntriples(brought.graph)


def validated(rules: Rules, held: HeldVersion, before: Path | None, after: Path, patch: Patch) -> Revalidation:
    """Validate what a patch affects of the graphs that a query sees unasked; no other graph is judged."""
    graphs = rules.iris.queried_graphs()
    more, fewer = (
        list(StoredGraph(UnionOfGraphs.of_lines(lines, graphs)).triples((None, None, None)))
        for lines in (patch.added, patch.removed)
    )
    union = UnionOfGraphs(held.after(before, after, patch), graphs)
    if not more and not fewer:
        return Revalidation({}, Report.empty(), Report.empty())
    stored = StoredGraph(union if len(more) + len(fewer) <= MOST_CHANGED else union.in_memory())

    def stored_before() -> StoredGraph:
        return StoredGraph(UnionOfGraphs.of_version(before, graphs) if before else UnionOfGraphs.of_lines((), ()))

    return revalidate(rules, more, [triple for triple in fewer if triple not in stored], stored, stored_before)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
