"""The register of identifiers in the store and under ``data/``, and what was added by SPARQL updates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from kg.build.build import Build, read_register, register_path, source_paths
from kg.build.commits import open_store
from kg.build.merging import has_manual_changes
from kg.diff import Content
from kg.domain import Iris, Settings
from kg.rdf import HAND, Register, RegisterRow, Sides, Wording, index_lines
from kg.store import replace_file

_REGISTER = "register.tsv"
_RECOGNIZED = ("event", "exchange")
_RESERVED = ("agreement", "anniversary", "characteristic", "delegation", "doubt", "line", "unit-count")


def published_register(settings: Settings) -> Register:
    """Return every identifier that was assigned: by builds of the store, of the checkout, and by SPARQL updates.

    :raises InputFileError: a file of the register cannot be read
    """
    path, store = settings.store / _REGISTER, open_store(settings)
    known = read_register(register_path(settings.home)).under(read_register(path))
    current = store.current()
    if current is None or (path.is_file() and not has_manual_changes(store)):
        return known
    kinds = (*_RECOGNIZED, *_RESERVED) if path.is_file() else _RECOGNIZED
    rows = _unregistered(current.content(), Iris(settings.base_iri), known, kinds)
    return Register(tuple(rows)).under(known)


def write_register(made: Build, settings: Settings) -> None:
    """Write the register of a build to the store; that of the source pages also to ``data/``, if it can be written."""
    text = made.register.serialize().encode()
    replace_file(settings.store / _REGISTER, text)
    path = register_path(settings.home)
    if made.paths == source_paths(settings.home) and not (path.is_file() and path.read_bytes() == text):
        with suppress(OSError):  # an installed program has no checkout that could be written
            path.write_bytes(text)


def _unregistered(content: Content, iris: Iris, known: Register, kinds: tuple[str, ...]) -> Iterator[RegisterRow]:
    """Yield rows for the things of a version that no register has."""
    index = index_lines(content.quads)
    words = Wording("ko", Sides(index, index, iris))
    registered = {row[:2] for row in known.rows}
    stems = {row.slug: row.of for row in known.rows if row.kind == "municipality"}

    def related(subject: str, *terms: str) -> list[str]:
        nodes = (node for term in terms for node in words.objects(subject, words.kg(term)))
        return [node.rpartition("/")[2].removesuffix(">") for node in nodes]

    head = f"<{iris.base}id/"
    for subject in sorted({line.partition(" ")[0] for line in content.quads if line.startswith(head)}):
        kind, _, slug = subject[len(head) : -1].partition("/")
        if kind not in kinds or (kind, slug) in registered:
            continue
        of = next(iter(related(subject, "record", "noteOn", "exchangedWith")), "")
        events = words.objects(subject, words.kg("event")) or [subject]
        dates = " ".join(sorted(filter(None, (words.text(event, "edtf") for event in events))))
        text = words.text(subject, "description" if kind == "exchange" else "act")
        yield RegisterRow(kind, slug, stems.get(of, of), dates, " ".join(text.split()), HAND)
