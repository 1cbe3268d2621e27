"""RDF files parsed by the engine, RDF 1.2 included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph

from kg.diff import Patch
from kg.domain import InputFileError, RdfSyntaxError, Where
from kg.locales import Message
from kg.rdf import GRAPH_FORMS, engine_format, place_of
from kg.store.contents import lines_of
from kg.store.dataset import Dataset
from kg.store.graph_union import UnionOfGraphs


@dataclass(frozen=True)
class RdfFile:
    """An RDF document; its extension decides the format, and ``iri`` is its base."""

    name: str
    content: bytes
    iri: str


@dataclass(frozen=True)
class Loaded:
    """The union of the requested graphs of files, and the number of quads in other graphs."""

    union: UnionOfGraphs
    others: int


def load_files(files: Iterable[RdfFile], graphs: tuple[str, ...], otherwise: RdfFile) -> Loaded:
    """Load files, and return the union of their default graphs and of these named graphs.

    ``otherwise`` is loaded too where no file has a quad in the named graphs: then none is a whole dataset.

    :raises RdfSyntaxError: one does not parse
    :raises InputFileError: the ending of a name is unknown
    """
    store = pyoxigraph.Store()
    for file in files:
        store.bulk_extend(_parsed(file))
    named = {quad.graph_name for quad in store} - {pyoxigraph.DefaultGraph()}
    seen = {pyoxigraph.NamedNode(name) for name in graphs}
    if seen.isdisjoint(named):
        store.bulk_extend(_parsed(otherwise))
    others = sum(1 for graph in named - seen for _ in store.quads_for_pattern(None, None, None, graph))
    return Loaded(UnionOfGraphs(store, graphs), others)


def load_dataset(file: RdfFile, graphs: tuple[str, ...]) -> Dataset:
    """Load a file as a dataset whose default graph is the RDF merge of these named graphs and its own.

    :raises RdfSyntaxError: it does not parse
    :raises InputFileError: the ending of its name is unknown
    """
    dataset = Dataset(graphs)
    dataset.apply(Patch(added=tuple(lines_of(_parsed(file)))))
    return dataset


def _parsed(file: RdfFile) -> list[pyoxigraph.Quad]:
    ending = file.name.rpartition(".")[2]
    form = next((form for form in GRAPH_FORMS if form.extension == ending), None)
    if form is None:
        raise _unknown(file.name)
    try:
        return list(pyoxigraph.parse(file.content, engine_format(form), base_iri=file.iri, rename_blank_nodes=True))
    except SyntaxError as error:
        raise _unreadable(file, error) from None
    except ValueError as error:
        raise _unreadable(file, SyntaxError(str(error))) from None


def _unknown(name: str) -> InputFileError:
    endings = ", ".join(f".{form.extension}" for form in GRAPH_FORMS)
    return InputFileError(
        Message("rdf.unknown_form", name=name),
        cure=Message("rdf.unknown_form_cure", endings=endings),
    )


def _unreadable(file: RdfFile, error: SyntaxError) -> RdfSyntaxError:
    return RdfSyntaxError(
        Message("rdf.unparsable", reason=error.msg),
        cure=Message("query.place_cure"),
        where=place_of(error, file.name, file.content) or Where(file.name, 1, 1),
    )
