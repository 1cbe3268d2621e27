"""The build: source pages → dataset → validation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from kg.build.distributions import serialize_files
from kg.domain import DEFAULT_BASE_IRI, InputFileError, Iris, Page, Settings, StoreError, Where, slug
from kg.locales import Message
from kg.rdf import (
    Code,
    Gazetteer,
    Graph,
    Naming,
    RdfDataset,
    Register,
    activity_graph,
    catalog_graph,
    disjoint,
    elsewhere_graph,
    embed_context,
    map_page,
    name_pages,
    nquads,
    ntriples,
    parse_quads,
    parse_turtle,
    questions,
    read_pages,
    relocated_text,
    union,
)
from kg.source import EditorialNote, read_notes, read_page, write_page
from kg.store import RdfFile, load_files
from kg.validation import shape_paths, shapes_graph

if TYPE_CHECKING:
    from kg.validation import Report

_HOME_IRIS = Iris(DEFAULT_BASE_IRI)
_FRONTEND = Path(__file__).parents[1] / "web" / "frontend"
"""What a wheel leaves out."""


@dataclass(frozen=True)
class InputFile:
    """An input file of the build: its path, its text and its SHA-256."""

    path: Path
    text: str
    sha256: str


@dataclass(frozen=True)
class Build:
    """The result of a build: the parsed pages, the validation report and the dataset."""

    paths: tuple[Path, ...]
    pages: tuple[Page, ...]
    report: Report
    dataset: RdfDataset
    register: Register

    def quads(self) -> bytes:
        """Return the whole dataset as N-Quads."""
        return nquads(self.dataset)

    def files(self) -> dict[str, bytes]:
        """Return the distributions by file name; the same dataset gives the same bytes."""
        return dict(serialize_files(self.quads(), self.dataset.iris.base).made)


def write_files(made: Build, folder: Path) -> None:
    """Write the distributions of a build to a folder.

    :raises StoreError: the folder cannot be written
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.files().items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise StoreError(
            Message("build.folder_unwritable", folder=folder, reason=error.strerror),
            cure=Message("build.folder_unwritable_cure"),
        ) from None


def read_file(path: Path) -> InputFile:
    """Read a UTF-8 file.

    :raises InputFileError: it does not exist, or is not UTF-8
    """
    try:
        data = path.read_bytes()
        return InputFile(path, data.decode("utf-8"), hashlib.sha256(data).hexdigest())
    except OSError as error:
        what = Message("build.file_unreadable", path=path, reason=error.strerror)
        raise InputFileError(what, cure=Message("build.file_unreadable_cure")) from None
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        what = Message("build.not_utf_8")
        cure = Message("build.not_utf_8_cure")
        raise InputFileError(what, cure=cure, where=Where(str(path), line, column)) from None


def source_paths(home: Path) -> tuple[Path, ...]:
    """Return the default source pages: ``data/sources/*.txt``."""
    return tuple(sorted((home / "data" / "sources").glob("*.txt")))


def read_source_page(source: InputFile, notes: tuple[EditorialNote, ...]) -> Page:
    """Parse a source page, with its findings."""
    return read_page(source.text, slug(source.path.stem) or "page", notes)


def _content(path: Path, iris: Iris) -> bytes:
    content = read_file(path).text.encode()
    return embed_context(content, iris) if path.suffix == ".jsonld" else content


def read_editorial_notes(home: Path) -> tuple[EditorialNote, ...]:
    """Read ``data/editorial-notes.json``."""
    return read_notes(read_file(home / "data" / "editorial-notes.json").text)


def register_path(home: Path) -> Path:
    """Return the path of the register of identifiers."""
    return home / "data" / "register.tsv"


def read_register(path: Path) -> Register:
    """Read a register of identifiers; it is empty before the first build.

    :raises InputFileError: it is not a register
    """
    try:
        return Register.parse(read_file(path).text) if path.is_file() else Register()
    except ValueError:
        what = Message("build.register_unreadable", path=path)
        raise InputFileError(what, cure=Message("build.register_unreadable_cure")) from None


def input_digest(paths: Iterable[Path], settings: Settings) -> str:
    """Return one SHA-256 over all inputs of a build: pages, data, ontology, shapes, code, base IRI and licence."""
    home = settings.home
    files = [*paths, *_data_files(home), *vocabulary_paths(home), *shape_paths(home)]
    lines = [f"{read_file(path).sha256} {path.name}" for path in files]
    return _sha256("\n".join([settings.base_iri, settings.license, program_code().sha256, *lines]))


def build(paths: Iterable[Path], settings: Settings, known: Register | None = None) -> Build:
    """Build and validate the dataset from pages, under the base IRI of the settings; write nothing.

    Records keep the identifiers that they have in the register ``known``; by default in ``data/register.tsv``.

    :raises InputFileError: a page cannot be read, or two pages have the same city
    """
    from kg.validation import validate  # noqa: PLC0415 - imports pySHACL, which a server does not need at its start

    paths = tuple(paths)
    sources = tuple(map(read_file, paths))
    notes = read_editorial_notes(settings.home)
    pages = tuple(read_source_page(source, notes) for source in sources)
    _refuse_shared_cities(sources, pages)
    known = read_register(register_path(settings.home)) if known is None else known
    dataset, register = _dataset(sources, pages, settings, known)
    report = validate(dataset.merged(), shapes_graph(settings.home, _HOME_IRIS), _HOME_IRIS)
    return Build(paths, pages, report, dataset.relocated(Iris(settings.base_iri)), register)


def _refuse_shared_cities(sources: tuple[InputFile, ...], pages: tuple[Page, ...]) -> None:
    claimed: dict[tuple[str, ...], InputFile] = {}
    for source, page in zip(sources, pages, strict=True):
        for city in page.cities:
            first = claimed.setdefault(city.path, source)
            if first is not source:
                what = Message("build.city_twice", first=first.path, second=source.path, city=" ".join(city.path))
                raise InputFileError(what, cure=Message("build.city_twice_cure"))


def _dataset(
    sources: tuple[InputFile, ...], pages: tuple[Page, ...], settings: Settings, known: Register
) -> tuple[RdfDataset, Register]:
    home = settings.home
    gazetteer = Gazetteer(read_file(home / "data" / "identifiers.json").text, _HOME_IRIS)
    namings, register = name_pages(pages, gazetteer, _HOME_IRIS, known)
    mapped = [
        map_page(page, naming, source.sha256) for page, naming, source in zip(pages, namings, sources, strict=True)
    ]
    inputs = {f"data/{path.name}": read_file(path).sha256 for path in _data_files(home)}
    inputs |= {source.path.name: source.sha256 for source in sources}
    activity = activity_graph(Naming(_HOME_IRIS, gazetteer, ""), inputs, program_code())
    graphs = {
        "page": union(facts for facts, _ in mapped),
        "elsewhere": elsewhere_graph(namings[0].gazetteer if namings else gazetteer),
        "provenance": union([*(provenance for _, provenance in mapped), activity, register.retired(_HOME_IRIS)]),
        "vocabulary": vocabulary_graph(home, _HOME_IRIS),
    }
    catalog = catalog_graph(_HOME_IRIS, pages, questions(), settings.license)
    return RdfDataset(disjoint({**graphs, "catalog": catalog}), _HOME_IRIS), register


def _data_files(home: Path) -> tuple[Path, ...]:
    return (home / "data" / "identifiers.json", home / "data" / "editorial-notes.json")


def vocabulary_paths(home: Path) -> tuple[Path, ...]:
    """Return the files of the ontology, the SKOS schemes and the alignments."""
    return tuple(sorted((home / "ontology").rglob("*.ttl")))


def vocabulary_graph(home: Path, iris: Iris) -> Graph:
    """Return the ontology, the schemes and the alignments as one graph under a base."""
    return union(parse_turtle(relocated_text(read_file(path).text, iris)) for path in vocabulary_paths(home))


def program_code() -> Code:
    """Return the version of this program and the SHA-256 of its source files, which a checkout and its wheel share."""
    package = Path(__file__).parents[1]
    files = sorted(
        path for path in package.rglob("*") if path.suffix in (".py", ".rq") and _FRONTEND not in path.parents
    )
    digests = [f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(package)}" for path in files]
    return Code(version("kg"), _sha256("\n".join(digests)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def render(quads: bytes) -> Mapping[str, str]:
    """Render the source pages from the N-Quads of a dataset, by name."""
    return {page.name: write_page(page) for page in read_pages(parse_quads(quads))}


@dataclass(frozen=True)
class ValidatedFiles:
    """The report on RDF files, and the number of their quads in graphs that are not validated."""

    report: Report
    others: int


def validate_files(paths: tuple[Path, ...], settings: Settings, current: bytes = b"") -> ValidatedFiles:
    """Validate the default graphs of RDF files, and the graphs of the dataset in them, against all shapes.

    The vocabulary is added if no file has a graph of the dataset. ``current`` is a dataset, in N-Quads, that the files
    are merged with.

    :raises RdfSyntaxError: one does not parse
    :raises InputFileError: one cannot be read, or has an unknown format
    """
    from kg.validation import validate_union  # noqa: PLC0415 - as above

    iris = Iris(settings.base_iri)
    files = [RdfFile(path.name, _content(path, iris), path.absolute().as_uri()) for path in paths]
    known = [RdfFile("current.nq", current, iris.base)] if current else []
    vocabulary = RdfFile("vocabulary.nt", ntriples(vocabulary_graph(settings.home, iris)), iris.base)
    loaded = load_files([*known, *files], iris.queried_graphs(), vocabulary)
    return ValidatedFiles(validate_union(loaded.union, shapes_graph(settings.home, iris), iris), loaded.others)
