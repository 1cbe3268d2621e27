"""What a triple store holds: as lines, compared with another, changed by a patch, summed up in a digest."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pyoxigraph

from kg.errors import Message, StoreError
from kg.store.patches import Patch

_NQ = pyoxigraph.RdfFormat.N_QUADS
_DEFAULT = pyoxigraph.DefaultGraph()
_MODULUS = 2**256
_NEVER_WRITTEN_AGAIN = ".sst"
_NEWEST = "CURRENT"  # the engine writes it anew when it opens a triple store to change it
GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode


def lines_of(quads: Iterable[pyoxigraph.Quad]) -> list[str]:
    """Return quads as N-Quads lines without line breaks, in the order they come."""
    return (pyoxigraph.serialize(quads, format=_NQ) or b"").decode().split("\n")[:-1]


def quads_of(lines: Iterable[str]) -> list[pyoxigraph.Quad]:
    """Read N-Quads lines; blank nodes keep their names."""
    return list(pyoxigraph.parse("\n".join(lines).encode(), format=_NQ))


def name_of(graph: GraphName) -> str:
    """Return a graph's name as a patch has it."""
    return graph.value if isinstance(graph, pyoxigraph.NamedNode) else f"_:{graph.value}"


def graph_named(name: str) -> GraphName:
    """Return the graph that a patch names."""
    return pyoxigraph.BlankNode(name[2:]) if name.startswith("_:") else pyoxigraph.NamedNode(name)


def graph_names(store: pyoxigraph.Store) -> set[str]:
    """Return the names of all graphs of a store, empty ones included."""
    return {name_of(name) for name in store.named_graphs()}


def dump(oxigraph: Path) -> bytes:
    """Return what a triple store that nobody writes to holds, as sorted N-Quads."""
    dumped = pyoxigraph.Store.read_only(str(oxigraph)).dump(format=_NQ) or b""
    return b"".join(sorted(dumped.splitlines(keepends=True)))


def quads_of_graphs(quads: bytes, names: Collection[str]) -> bytes:
    """Return the sorted N-Quads of the graphs with these names and of the default graph."""
    wanted = {_DEFAULT, *map(pyoxigraph.NamedNode, names)}
    return _sorted(quad for quad in pyoxigraph.parse(quads, _NQ) if quad.graph_name in wanted)


def quads_of_rdf_1_1(quads: bytes) -> bytes:
    """Return the sorted N-Quads without triple terms and base directions, which RDF 1.2 added."""
    return _sorted(quad for quad in pyoxigraph.parse(quads, _NQ) if not _is_new(quad.object))


def _is_new(term: object) -> bool:
    return isinstance(term, pyoxigraph.Triple) or (isinstance(term, pyoxigraph.Literal) and term.direction is not None)


def _sorted(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(lines_of(quads))).encode()


@dataclass(frozen=True)
class Snapshot:
    """What a store held at one moment, whatever is done to it after; it can be walked once."""

    quads: Iterator[pyoxigraph.Quad]
    names: set[str]


def snapshot(store: pyoxigraph.Store) -> Snapshot:
    """Return what a store holds now."""
    return Snapshot(iter(store), graph_names(store))


def difference(before: Snapshot, after: Snapshot) -> Patch:
    """Compare two snapshots whole, in time proportional to what they hold.

    Both are walked side by side. A store on disk keeps its quads in one order, so that no more is held at a time than
    the two differ by; another order costs memory, and nothing else.
    """
    removed: set[pyoxigraph.Quad] = set()
    added: set[pyoxigraph.Quad] = set()
    for left, right in zip_longest(before.quads, after.quads):
        if left == right:
            continue
        _match(left, added, removed)
        _match(right, removed, added)
    names = after.names - before.names, before.names - after.names
    return Patch.of(lines_of(added), lines_of(removed), *names)


def _match(quad: pyoxigraph.Quad | None, unmatched: set[pyoxigraph.Quad], mine: set[pyoxigraph.Quad]) -> None:
    """Find a quad among those of the other side that are unmatched, or have it wait among those of its own."""
    if quad is None:
        return
    if quad in unmatched:
        unmatched.remove(quad)
    else:
        mine.add(quad)


def differing(before: Path, after: Path) -> Patch:
    """Compare two triple stores that nobody writes to."""
    return difference(*(snapshot(pyoxigraph.Store.read_only(str(oxigraph))) for oxigraph in (before, after)))


def apply(store: pyoxigraph.Store, patch: Patch) -> None:
    """Change a store by a patch."""
    for quad in quads_of(patch.removed):
        store.remove(quad)
    for name in patch.dropped:
        store.remove_graph(graph_named(name))
    for name in patch.created:
        store.add_graph(graph_named(name))
    store.extend(quads_of(patch.added))


def patching(patch: Patch) -> Callable[[Path], Patch]:
    """Return the change that a patch makes; what is there already, or not there any more, is left alone.

    A graph is dropped only when nothing is left in it.
    """

    def change(oxigraph: Path) -> Patch:
        store = pyoxigraph.Store(oxigraph)
        exact = _exact(store, patch)
        apply(store, exact)
        store.flush()
        return exact

    return change


def _exact(store: pyoxigraph.Store, patch: Patch) -> Patch:
    """Return what a patch changes of a store."""
    names = graph_names(store)
    added = [(line, quad) for line, quad in _with_quads(patch.added) if quad not in store]
    removed = {quad: line for line, quad in _with_quads(patch.removed) if quad in store}
    needed = {name_of(quad.graph_name) for _, quad in added if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph)}
    dropped = {
        name
        for name in names.intersection(patch.dropped) - needed
        if all(quad in removed for quad in store.quads_for_pattern(None, None, None, graph_named(name)))
    }
    created = needed.union(patch.created) - names
    return Patch.of((line for line, _ in added), removed.values(), created, dropped)


def replacing(quads: bytes) -> Callable[[Path], Patch]:
    """Return the change that puts these N-Quads in the place of all there is.

    The change raises ``StoreError`` where they do not parse.
    """

    def change(oxigraph: Path) -> Patch:
        try:
            return _replaced(pyoxigraph.Store(oxigraph), quads)
        except SyntaxError as error:
            raise _unreadable_quads(error) from error

    return change


def _replaced(store: pyoxigraph.Store, quads: bytes) -> Patch:
    if len(store) == 0 and not graph_names(store):
        store.bulk_load(quads, _NQ)
        store.flush()
        return Patch.of(lines_of(store), created=graph_names(store))
    wanted = pyoxigraph.Store()
    wanted.bulk_load(quads, _NQ)
    patch = difference(snapshot(store), snapshot(wanted))
    apply(store, patch)
    store.flush()
    return patch


def _with_quads(lines: tuple[str, ...]) -> Iterator[tuple[str, pyoxigraph.Quad]]:
    return zip(lines, quads_of(lines), strict=True)


def digest_after(before: str, patch: Patch) -> str:
    """Return the digest of what a patch makes of the content with the digest before (empty: of no content).

    It is the sum of the digests of all lines and graph names, so it follows from the change alone.

    >>> both = digest_after("", Patch(added=("a", "b")))
    >>> digest_after(both, Patch(removed=("b",))) == digest_after("", Patch(added=("a",)))
    True
    """
    total = int(before or "0", 16)
    for sign, lines in ((1, patch.added), (-1, patch.removed), (1, patch.created), (-1, patch.dropped)):
        for line in lines:
            total += sign * int.from_bytes(hashlib.sha256(line.encode()).digest())
    return f"{total % _MODULUS:064x}"


def digest_of(oxigraph: Path) -> str:
    """Return the digest of all that a triple store holds."""
    store = pyoxigraph.Store.read_only(str(oxigraph))
    return digest_after("", Patch.of(lines_of(store), created=graph_names(store)))


def _unreadable_quads(error: SyntaxError) -> StoreError:
    return StoreError(
        Message(ko=f"N-Quads를 읽을 수 없습니다: {error.msg}", en=f"The N-Quads cannot be read: {error.msg}."),
        cure=Message(ko="N-Quads 파일을 다시 만드십시오.", en="Write the quads anew."),
    )


def identity_of(oxigraph: Path) -> tuple[int, int, int] | None:
    """Return what a triple store keeps when it is moved, and no other has; None where there is none."""
    try:
        status = (oxigraph / _NEWEST).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns


def flush(oxigraph: Path) -> None:
    """Have all that was written to a triple store stand in its files, and nothing in its log alone."""
    pyoxigraph.Store(oxigraph).flush()


def write_anew(oxigraph: Path, target: Path) -> None:
    """Write what a triple store that nobody writes to holds into another, in one go: its files are few and dense."""
    source, written = pyoxigraph.Store.read_only(str(oxigraph)), pyoxigraph.Store(target)
    written.bulk_extend(iter(source))
    for name in source.named_graphs():
        written.add_graph(name)
    written.flush()


def clone(oxigraph: Path | None, target: Path) -> None:
    """Clone a triple store that nobody writes to; an empty one from None.

    The two share what the engine never writes to again, by hard links. The engine's own backup does just that, but it
    has to open the store first, which takes many times as long.
    """
    if oxigraph is None:
        pyoxigraph.Store(target).flush()
        return
    target.mkdir()
    for path in oxigraph.iterdir():
        if path.suffix != _NEVER_WRITTEN_AGAIN or not _linked(path, target / path.name):
            shutil.copyfile(path, target / path.name)


def _linked(path: Path, other: Path) -> bool:
    """Give a file another name, where its file system allows that; tell whether it was done."""
    try:
        other.hardlink_to(path)
    except OSError:
        return False
    return True
