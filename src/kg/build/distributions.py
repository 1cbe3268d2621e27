"""Distributions of a version, made on demand and cached in the store; the same version gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

from kg.domain import FormatError, Iris, KgError, NotFoundError, Settings, StoreError
from kg.locales import Message, Translatable, from_json, to_json
from kg.rdf import (
    CONTEXT,
    GRAPH_FORMS,
    JSON_LD,
    N_QUADS,
    TABLE_NAMES,
    Changed,
    Documents,
    RdfDataset,
    cities_document,
    cities_schema,
    context_document,
    documents_of_quads,
    embed_context,
    nested_cities,
    parse_any_quads,
    tables,
)
from kg.store import (
    Store,
    Version,
    announced_version,
    exclusive_lock,
    quads_of_graphs,
    quads_of_rdf_1_1,
    reads_back,
    translated_disk_errors,
)

SLICES = ("kg", "domain", "elsewhere", "provenance", "vocabulary")
"""What the documents hold: the whole dataset, or a part of it."""
DOCUMENTS = (*(f"{slice_}.{form.extension}" for slice_ in SLICES for form in GRAPH_FORMS), CONTEXT)
TABLES = ("cities.jsonld", "cities.schema.json", *TABLE_NAMES)
"""What can be made of a page alone."""
NAMES = (*DOCUMENTS, *TABLES)
_LIST = "files.json"
_SECONDS = 600
"""A bound for a graph at the capacity of the store."""
_KOREA = timezone(timedelta(hours=9))
_KEPT = 8
"""Versions whose files stay cached: links to recent versions remain fast, and the disk bounded."""
_EDITION = 7
"""Increased when this module writes other bytes for the same version."""


@dataclass(frozen=True)
class Files:
    """Serialized files by name, and why the others could not be made."""

    made: Mapping[str, bytes]
    refused: Mapping[str, Translatable]


@dataclass(frozen=True)
class DistributionEntry:
    """A distribution: its file name, its length in bytes, its SHA-256."""

    name: str
    bytes: int
    sha256: str


def serialize_files(
    quads: bytes, base_iri: str, changed: Changed = MappingProxyType({}), names: Collection[str] = NAMES
) -> Files:
    """Serialize the distributions of a version from its sorted N-Quads.

    They have the default graph and the queried graphs; other named graphs are left out. ``changed`` has the days on
    which things were changed by hand, by IRI; ``names``, the files to serialize.
    """
    iris = Iris(base_iri)
    graphs = {name: quads_of_graphs(quads, [name], with_default=False) for name in sorted(iris.queried_graphs())}
    own = b"".join((quads_of_graphs(quads, ()), *graphs.values()))
    is_new = bool(announced_version(N_QUADS, own))
    dataset, shared = parse_any_quads(quads_of_rdf_1_1(own) if is_new else own, iris), Documents(iris)
    made = {CONTEXT: context_document(iris)}
    failed: dict[str, Translatable] = {}
    for name, (held, part) in _slices(own, graphs, dataset).items():
        by_engine = documents_of_quads(held, iris, name)
        writers = shared.serializers(part, held, name) | (by_engine if is_new else {})
        for file, write in ((file, write) for file, write in writers.items() if file in names):
            try:
                made[file] = _checked(file, write(), held, iris) or by_engine[file]()
            except FormatError as error:
                failed[file] = error.what
            except ValueError as error:
                failed[file] = _cannot_say(file, error)
    try:
        made |= _tables(dataset, changed) if set(TABLES) & {*names} else {}
    except Exception as error:  # noqa: BLE001 - an arbitrary graph can fail in any way
        failed |= dict.fromkeys(TABLES, _no_page(error))
    return Files(made, failed)


def _slices(own: bytes, named: Mapping[str, bytes], dataset: RdfDataset) -> dict[str, tuple[bytes, RdfDataset]]:
    """Return each slice, as N-Quads and parsed; the domain has what the page says, and the facts from elsewhere."""
    iris, found = dataset.iris, {"kg": (own, dataset)}
    claims = f"<{iris.resource('claim', '')}".encode()
    for name in SLICES[1:]:
        graphs = ("elsewhere", "page") if name == "domain" else (name,)
        quads = b"".join(named[iris.graph(graph)] for graph in graphs)
        part = RdfDataset({graph: dataset.graphs[graph] for graph in graphs if graph in dataset.graphs}, iris)
        if name == "domain":
            quads = b"".join(line for line in quads.splitlines(keepends=True) if not line.startswith(claims))
            part = part.without_subjects(iris.resource("claim", ""))
        found[name] = (quads, part)
    return found


def changed_by_hand(version: Version) -> Changed:
    """Return the day, in Korea, on which each thing was last changed other than by a build.

    A build that changes a thing again makes it one of the page; a commit that expired tells nothing.
    """
    store, days = Store(version.path), dict[str, date]()
    for commit in store.commits():
        if commit.number > version.number or (commit.kind == "build" and not days):
            continue
        try:
            patch = store.patch(commit.number)
        except KgError:
            continue
        for line in (*patch.added, *patch.removed):
            subject = line.partition("> ")[0].removeprefix("<")
            if commit.kind == "build":
                days.pop(subject, None)
            else:
                days[subject] = commit.time.astimezone(_KOREA).date()
    return days


def _checked(name: str, written: bytes, own: bytes, iris: Iris) -> bytes | None:
    """Return a document if it parses to the same triples, else None."""
    form = next(form for form in GRAPH_FORMS if form.extension == name.rpartition(".")[2])
    read = embed_context(written, iris) if form is JSON_LD else written
    return written if reads_back(read, form, own) else None


def _tables(dataset: RdfDataset, changed: Changed) -> Mapping[str, bytes]:
    document = nested_cities(dataset)
    nested = {"cities.jsonld": cities_document(document), "cities.schema.json": cities_schema()}
    return nested | dict(tables(dataset, document, changed))


def _cannot_say(name: str, error: Exception) -> Message:
    return Message("download.format_insufficient", name=name, error=error)


def _no_page(error: Exception) -> Message:
    return Message("download.no_page", kind=type(error).__name__, error=error)


def list_distributions(version: Version, settings: Settings) -> tuple[list[DistributionEntry], dict[str, Translatable]]:
    """Return the distributions of a version, and why the others cannot be made."""
    with _made(version, settings) as folder:
        return _read_list(folder)


def read_distribution(version: Version, settings: Settings, name: str) -> bytes:
    """Return the content of a distribution.

    :raises FormatError: the format cannot represent the dataset
    :raises NotFoundError: the graph has no page to make the tables of
    """
    if name == CONTEXT:  # depends on no version: who follows a link to it need not wait for the others
        return context_document(Iris(_base_iri(version, settings)))
    with _made(version, settings) as folder:
        files, refused = _read_list(folder)
        if name not in refused:
            return (folder / name).read_bytes()
        others = ", ".join(file.name for file in files if file.name in DOCUMENTS)
        cure = Message("download.refused_cure", offers=others)
        raise FormatError(refused[name], cure=cure) if name in DOCUMENTS else NotFoundError(refused[name], cure=cure)


def _read_list(folder: Path) -> tuple[list[DistributionEntry], dict[str, Translatable]]:
    read = json.loads((folder / _LIST).read_bytes())
    refused = {name: from_json(message) for name, message in read["refused"].items()}
    return [DistributionEntry(**entry) for entry in read["files"]], refused


@contextmanager
def _made(version: Version, settings: Settings) -> Iterator[Path]:
    """Yield the folder of a version's files, made if missing; a temporary folder if the disk is read-only."""
    base = _base_iri(version, settings)
    folder = settings.store / "downloads" / f"{version.number:06}"
    if not _is_of(folder, version):
        try:
            _make_in_store(folder, version, base)
        except StoreError:
            with tempfile.TemporaryDirectory(prefix="kg-downloads-") as elsewhere:
                _make_in_subprocess(version, base, Path(elsewhere))
                yield Path(elsewhere)
            return
    yield folder


def _base_iri(version: Version, settings: Settings) -> str:
    return version.facts.get("base_iri", settings.base_iri)


def _is_of(folder: Path, version: Version) -> bool:
    try:
        return (folder / "identity").read_text("ascii") == _identity(version)
    except FileNotFoundError:
        return False


def _make_in_store(folder: Path, version: Version, base_iri: str) -> None:
    with translated_disk_errors():
        folder.parent.mkdir(exist_ok=True)
        with exclusive_lock(folder.parent / "lock", _SECONDS):
            if _is_of(folder, version):
                return
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
            try:
                _make_in_subprocess(version, base_iri, fresh)
                _make_room(folder)
                fresh.rename(folder)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)


def _make_room(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    others = sorted(folder.parent.glob("[0-9]*"), key=lambda path: path.stat().st_mtime_ns)
    for path in others[: max(len(others) - _KEPT + 1, 0)]:
        shutil.rmtree(path)


def _make_in_subprocess(version: Version, base_iri: str, folder: Path) -> None:
    """Make the files in a subprocess, so that its memory is freed."""
    command = [
        sys.executable,
        "-I",
        "-m",
        "kg.build.distributions",
        str(version.path),
        str(version.number),
        base_iri,
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise _failed(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    (folder / "identity").write_text(_identity(version), "ascii")


def _identity(version: Version) -> str:
    """Return the cache key of a version's files."""
    return f"{version.identity} {_EDITION}"


def _failed(reason: str) -> StoreError:
    return StoreError(
        Message("download.failed", reason=reason),
        cure=Message("download.failed_cure"),
    )


def _main(store: str, number: str, base_iri: str, folder: str) -> None:
    """Write the distributions of a version to a folder, with a list of them."""
    version = Version(Path(store), int(number))
    files = serialize_files(version.content().to_nquads(), base_iri, changed_by_hand(version))
    for name, content in files.made.items():
        (Path(folder) / name).write_bytes(content)
    entries = [
        DistributionEntry(name, len(data), hashlib.sha256(data).hexdigest())
        for name, data in sorted(files.made.items())
    ]
    written = {
        "files": [asdict(entry) for entry in entries],
        "refused": {name: to_json(message) for name, message in files.refused.items()},
    }
    (Path(folder) / _LIST).write_text(json.dumps(written, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
