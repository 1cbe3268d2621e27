"""What workers hold from their birth: the graphs of a version, read once into the memory they are all born with.

Reading takes a tenth of a second or more, being born with it a few milliseconds; a version that is a small change of
the one read last is made of that. The process that workers are born in
must not open a version itself, for the engine's threads do not survive a birth: a child of it reads and passes on.
"""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kg.store.confinement import limit
from kg.store.contents import identity_of
from kg.store.engine import Engine
from kg.store.merging import Merges, fits
from kg.store.patches import Patch

_KEPT = 2
_MOST_SECONDS = 20
_TOO_LARGE = 2
_Identity = tuple[int, int, int]


@dataclass(frozen=True)
class Contents:
    """The triple store of a version, and the graphs that a query asks which names none."""

    oxigraph: str
    queried_graphs: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """How a version came of another one: the triple store of that, and what was changed."""

    base: str
    patch: Patch


class Preloads:
    """The versions that were read last; one is known by its directory wherever that is moved."""

    def __init__(self, memory: int) -> None:
        """Begin with none; a version is read within the bytes of memory that a worker has to open it with."""
        self._memory = memory
        self._merges: dict[tuple[_Identity, tuple[str, ...]], Merges | None] = {}

    def prepare(self, contents: Contents | None, step: Step | None = None) -> None:
        """Read a version, whatever was read before; or change the one before it, which is not kept then."""
        identity = _identity(contents)
        if contents and identity and not (step and self._changed(identity, contents, step)):
            self._merges.pop((identity, contents.queried_graphs), None)
            self._read(identity, contents)

    def _changed(self, identity: _Identity, contents: Contents, step: Step) -> bool:
        base = _identity(Contents(step.base, contents.queried_graphs))
        key = (base, contents.queried_graphs) if base else None
        merges = self._merges.pop(key, None) if key else None
        if merges is None or merges.are_worn:
            return False
        self._merges[identity, contents.queried_graphs] = merges.changed(step.patch)
        return True

    def engines(self, contents: Contents | None) -> dict[str, Engine]:
        """Return the engine of a version by its path, or nothing where it cannot be read."""
        identity = _identity(contents)
        if contents is None or identity is None:
            return {}
        merges = self._merges.get((identity, contents.queried_graphs)) or self._read(identity, contents)
        return {contents.oxigraph: Engine(Path(contents.oxigraph), merges)} if merges else {}

    def _read(self, identity: _Identity, contents: Contents) -> Merges | None:
        key = (identity, contents.queried_graphs)
        if key not in self._merges:
            while len(self._merges) >= _KEPT:
                self._merges.pop(next(iter(self._merges)))
            self._merges[key] = _read(contents, self._memory)
        return self._merges[key]


def _identity(contents: Contents | None) -> _Identity | None:
    return identity_of(Path(contents.oxigraph)) if contents else None


def _read(contents: Contents, memory: int) -> Merges | None:
    """Read a version by way of a child."""
    quads, names = os.memfd_create("quads"), os.memfd_create("names")
    try:
        child = os.fork()
        if child == 0:
            _write(contents.oxigraph, memory, quads, names)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            return Merges.none() if status == _TOO_LARGE else None
        graphs = [pyoxigraph.NamedNode(iri) for iri in contents.queried_graphs]
        return Merges.of_quads(_content(quads), _content(names), graphs)
    finally:
        os.close(quads)
        os.close(names)


def _write(oxigraph: str, memory: int, quads: int, names: int) -> None:
    """Write what a version holds to two files, and end this process: with 0 if that was all of it."""
    status = 1
    try:
        signal.alarm(_MOST_SECONDS)
        limit(memory=memory, file_size=resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        store = pyoxigraph.Store.read_only(oxigraph)
        if fits(store):
            store.dump(f"/proc/self/fd/{quads}", pyoxigraph.RdfFormat.N_QUADS)
            os.write(names, "\n".join(map(str, store.named_graphs())).encode())
            status = 0
        else:
            status = _TOO_LARGE
    finally:
        os._exit(status)


def _content(descriptor: int) -> bytes:
    return Path(f"/proc/self/fd/{descriptor}").read_bytes()
