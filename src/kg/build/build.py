"""The work: pages → dataset → validated → distributions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from kg.domain import DEFAULT_BASE_IRI, InputFileError, Iris, Page, Settings, StoreError, Where, slug
from kg.locales import Message
from kg.rdf import (
    Code,
    Gazetteer,
    Graph,
    Labels,
    Naming,
    RdfDataset,
    activity_graph,
    catalog_graph,
    disjoint,
    distributions,
    elsewhere_graph,
    map_page,
    nquads,
    ntriples,
    parse_quads,
    parse_turtle,
    questions,
    read_pages,
    relocated_text,
    tables,
    union,
)
from kg.source import EditorialNote, read_notes, read_page, write_page
from kg.store import RdfFile, load_files
from kg.validation import shape_paths, shapes_graph

if TYPE_CHECKING:
    from kg.validation import Report

_HOME_IRIS = Iris(DEFAULT_BASE_IRI)


@dataclass(frozen=True)
class InputFile:
    """A file that goes into the build: its name, its text and its SHA-256."""

    path: Path
    text: str
    sha256: str


@dataclass(frozen=True)
class Build:
    """What a build gives: the pages as read, the report of the shapes, the quads and the files for download."""

    pages: tuple[Page, ...]
    report: Report
    dataset: RdfDataset

    def quads(self) -> bytes:
        """Return the whole dataset as N-Quads."""
        return nquads(self.dataset)

    def files(self) -> dict[str, bytes]:
        """Return every distribution by its file name, the same bytes for the same dataset."""
        labels = Labels(self.dataset.graphs["vocabulary"], self.dataset.iris)
        return {**distributions(self.dataset), **tables(read_pages(self.dataset), labels)}


def write_files(made: Build, folder: Path) -> None:
    """Write every distribution of a build into a folder; raise ``StoreError`` when it cannot be written."""
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
    """Read a UTF-8 file; raise ``InputFileError`` when there is none or when it is in another encoding."""
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
    """Return the pages that are built when none is named: ``data/sources/*.txt``."""
    return tuple(sorted((home / "data" / "sources").glob("*.txt")))


def check_page(source: InputFile, notes: tuple[EditorialNote, ...]) -> Page:
    """Read a page with all doubts about it."""
    return read_page(source.text, slug(source.path.stem) or "page", notes)


def editorial_notes(home: Path) -> tuple[EditorialNote, ...]:
    """Read ``data/editorial-notes.json``."""
    return read_notes(read_file(home / "data" / "editorial-notes.json").text)


def input_digest(paths: Iterable[Path], settings: Settings) -> str:
    """Return one SHA-256 for all that decides a build: pages, data, ontology, shapes, code and base IRI."""
    home = settings.home
    files = [*paths, *_data_files(home), *vocabulary_paths(home), *shape_paths(home)]
    lines = [f"{read_file(path).sha256} {path.name}" for path in files]
    return _sha256("\n".join([settings.base_iri, code().sha256, *lines]))


def build(paths: Iterable[Path], settings: Settings) -> Build:
    """Build the dataset from pages, validated, under the base IRI of the settings; nothing is written."""
    from kg.validation import validate  # noqa: PLC0415 - it imports pySHACL, and a server starts without

    sources = tuple(read_file(path) for path in paths)
    notes = editorial_notes(settings.home)
    pages = tuple(check_page(source, notes) for source in sources)
    dataset = _dataset(sources, pages, settings.home)
    report = validate(dataset.merged(), shapes_graph(settings.home, _HOME_IRIS), _HOME_IRIS)
    return Build(pages, report, dataset.relocated(Iris(settings.base_iri)))


def _dataset(sources: tuple[InputFile, ...], pages: tuple[Page, ...], home: Path) -> RdfDataset:
    gazetteer = Gazetteer(read_file(home / "data" / "identifiers.json").text, _HOME_IRIS)
    mapped = [
        map_page(page, Naming(_HOME_IRIS, gazetteer, page.name), source.sha256)
        for page, source in zip(pages, sources, strict=True)
    ]
    inputs = {f"data/{path.name}": read_file(path).sha256 for path in _data_files(home)}
    inputs |= {source.path.name: source.sha256 for source in sources}
    activity = activity_graph(Naming(_HOME_IRIS, gazetteer, ""), inputs, code())
    graphs = {
        "page": union(facts for facts, _ in mapped),
        "elsewhere": elsewhere_graph(gazetteer),
        "provenance": union([*(provenance for _, provenance in mapped), activity]),
        "vocabulary": vocabulary_graph(home, _HOME_IRIS),
    }
    catalog = catalog_graph(_HOME_IRIS, pages, questions())
    return RdfDataset(disjoint({**graphs, "catalog": catalog}), _HOME_IRIS)


def _data_files(home: Path) -> tuple[Path, ...]:
    return (home / "data" / "identifiers.json", home / "data" / "editorial-notes.json")


def vocabulary_paths(home: Path) -> tuple[Path, ...]:
    """Return the files of the ontology, the SKOS schemes and the alignments."""
    return tuple(sorted((home / "ontology").rglob("*.ttl")))


def vocabulary_graph(home: Path, iris: Iris) -> Graph:
    """Return the ontology, the schemes and the alignments as one graph under a base."""
    return union(parse_turtle(relocated_text(read_file(path).text, iris)) for path in vocabulary_paths(home))


def code() -> Code:
    """Return the version of this program and the SHA-256 of its source files."""
    package = Path(__file__).parents[1]
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".rq"))
    digests = [f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(package)}" for path in files]
    return Code(version("kg"), _sha256("\n".join(digests)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def render(quads: bytes) -> Mapping[str, str]:
    """Return the text of every page of a dataset, from its N-Quads alone, by the page's name."""
    return {page.name: write_page(page) for page in read_pages(parse_quads(quads))}


@dataclass(frozen=True)
class ValidatedFiles:
    """The report on RDF files, and how many of their quads are in graphs that are not validated."""

    report: Report
    others: int


def validate_files(paths: tuple[Path, ...], settings: Settings, current: bytes = b"") -> ValidatedFiles:
    """Validate RDF files of any form against all shapes: their default graphs, and the graphs of the dataset.

    Files without a graph of the dataset are seen together with the vocabulary. ``current`` is the dataset, in N-Quads,
    that they are to be seen together with.

    :raises RdfSyntaxError: one does not parse
    :raises InputFileError: one cannot be read, or has a form not known
    """
    from kg.validation import validate_union  # noqa: PLC0415 - as above

    iris = Iris(settings.base_iri)
    files = [RdfFile(path.name, read_file(path).text.encode(), path.absolute().as_uri()) for path in paths]
    known = [RdfFile("current.nq", current, iris.base)] if current else []
    vocabulary = RdfFile("vocabulary.nt", ntriples(vocabulary_graph(settings.home, iris)), iris.base)
    loaded = load_files([*known, *files], iris.queried_graphs(), vocabulary)
    return ValidatedFiles(validate_union(loaded.union, shapes_graph(settings.home, iris), iris), loaded.others)
