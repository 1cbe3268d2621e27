"""A graph of a store, a file or a server, queried for Python values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from kg.build import HistoryGraphCache, open_store, run_query
from kg.domain import InputFileError, Iris, NotFoundError, RemoteError, Settings, slug
from kg.locales import Message
from kg.rdf import JSON, TURTLE, relocated_text
from kg.store import Engine, Query, RdfFile, load_dataset

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # it has no types

Value: TypeAlias = "str | int | float | Decimal | bool | date | datetime | None"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_VALUES: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "decimal": Decimal,
    "double": float,
    "float": float,
    "boolean": lambda text: text in ("true", "1"),
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}
_SECONDS = 60
"""What a server is given: six times the time limit of a query."""


class Rows(list[dict[str, Value]]):
    """The rows of a result, one value for each variable (None: unbound)."""

    def __init__(self, columns: Sequence[str], rows: Sequence[dict[str, Value]]) -> None:
        """Keep the variables in the order of the query."""
        super().__init__(rows)
        self.columns = tuple(columns)

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame; it takes pandas, which is installed apart."""
        import pandas as pd  # noqa: PLC0415 - few who query need it

        return pd.DataFrame(self, columns=list(self.columns))


@dataclass(frozen=True)
class FriendshipCity:
    """A city: names, first agreement, place, population, and the number of its lines on the page."""

    iri: str
    ko: str
    en: str | None
    zh: str | None
    since: date
    agreement: str
    latitude: Decimal | None
    longitude: Decimal | None
    population: int | None
    exchanges: int


class KnowledgeGraph:
    """A graph that answers queries."""

    def __init__(self, answer: Callable[[str], bytes], base_iri: str) -> None:
        """Take what answers a query as SPARQL results in JSON, and the base of the IRIs."""
        self._answer = answer
        self._base_iri = base_iri

    def query(self, text: str) -> Rows:
        """Return the rows of a SELECT query, or one row with ``ask`` of an ASK query.

        :raises KgError: the query is wrong, or its answer is a graph
        """
        found = json.loads(self._answer(text))
        if "boolean" in found:
            return Rows(["ask"], [{"ask": found["boolean"]}])
        names = found["head"]["vars"]
        rows = found["results"]["bindings"]
        return Rows(names, [{name: _value(row[name]) if name in row else None for name in names} for row in rows])

    def city(self, name: str) -> FriendshipCity:
        """Return a city by the last part of its IRI, such as ``hongkou``.

        :raises NotFoundError: the graph has no such city
        """
        iris = Iris(self._base_iri)
        text = relocated_text(files("kg.api").joinpath("city.rq").read_text("utf-8"), iris)
        iri = iris.resource("municipality", slug(name))
        rows = self.query(text.replace("VALUES ?city {}", f"VALUES ?city {{ <{iri}> }}"))
        if not rows:
            raise NotFoundError(Message("api.no_city", name=name), cure=Message("api.no_city_cure"))
        row: dict[str, Any] = {**rows[0]}
        return FriendshipCity(row.pop("city"), **row)


def open_graph(source: str | Path | None) -> KnowledgeGraph:
    """Open a store, an RDF file or the address of a server; None is the store of the settings.

    :raises KgError: there is no graph, or it cannot be read
    """
    settings = Settings.from_environment(os.environ)
    if source is None:
        return _of_store(settings)
    if str(source).startswith(("http://", "https://")):
        return KnowledgeGraph(partial(_ask_server, f"{str(source).rstrip('/')}/sparql"), settings.base_iri)
    if Path(source).is_dir():
        return _of_store(Settings(settings.home, Path(source)))
    return _of_file(Path(source), settings.base_iri)


def _of_store(settings: Settings) -> KnowledgeGraph:
    store = open_store(settings)
    version = store.require_current()
    base_iri = version.facts.get("base_iri", settings.base_iri)
    history = HistoryGraphCache(store, Iris(base_iri))

    def answer(text: str) -> bytes:
        return run_query(text, version, settings, JSON.name, history.lines)

    return KnowledgeGraph(answer, base_iri)


def _of_file(path: Path, base_iri: str) -> KnowledgeGraph:
    graphs = Iris(base_iri).queried_graphs()
    try:
        file = RdfFile(path.name, path.read_bytes(), path.absolute().as_uri())
    except OSError as error:
        what = Message("build.file_unreadable", path=path, reason=error.strerror)
        raise InputFileError(what, cure=Message("build.file_unreadable_cure")) from None
    engine = Engine(load_dataset(file, graphs))

    def answer(text: str) -> bytes:
        with TemporaryDirectory() as folder:
            output = Path(folder, "answer")
            engine.evaluate(Query(text, base_iri, graphs, results=JSON, graph=TURTLE), output)
            return output.read_bytes()

    return KnowledgeGraph(answer, base_iri)


def _ask_server(endpoint: str, text: str) -> bytes:
    headers = {"Accept": JSON.media_type}
    request = Request(endpoint, urlencode({"query": text}).encode(), headers)  # noqa: S310 - checked by open_graph
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return bytes(answer.read())
    except OSError as error:
        reason = json.load(error).get("detail", "") if isinstance(error, HTTPError) else str(error)
        raise RemoteError(
            Message("api.no_answer", endpoint=endpoint, reason=reason), cure=Message("api.no_answer_cure")
        ) from error


def _value(term: Mapping[str, str]) -> Value:
    """Return the Python value of a term; the text of one that has none."""
    read = _VALUES.get(term.get("datatype", "").removeprefix(_XSD), str)
    try:
        return read(term["value"])
    except (ValueError, ArithmeticError):
        return term["value"]
