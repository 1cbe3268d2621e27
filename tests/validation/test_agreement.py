"""What a commit finds is what ``kg validate`` finds in the result and did not find before."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.build import Build
from kg.cli import main
from kg.diff import Content
from kg.domain import ConflictError, EvaluationError, Iris, NonconformingError
from kg.rdf import read_quad
from kg.store import Change, Dataset, RdfFile, Store, graphs_of, load_files
from kg.store.readback import check_readable
from kg.store.update_evaluation import apply_change
from kg.validation import Report, Validator, shapes_graph, validate_union
from kg.validation.validation import CompiledShapes
from signing import checkout_of, published

BASE = "https://kg.seocho.example/"
IRIS = Iris(BASE)
GRAPHS = [f"<{name}>" for name in (*IRIS.queried_graphs(), "http://a/apart", "http://a/other")]
CITY = "baishan"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = [
    "'x'", "''", "'글'@ko", "'text'@en-US", "1", "-1", "1.50", "1e400", "true", "'x'@ar--rtl",
    *(f"'{text}'^^<{XSD}{name}>" for text, name in (
        ("2025-13-01", "date"), ("2025-05-01", "date"), ("x", "integer"), ("01", "integer"), ("yes", "boolean"),
        ("1,5", "decimal"), ("20 25", "gYear"), ("P", "duration"), ("25:00:00", "time"), (" 7 ", "integer"),
        ("99999999999999999999", "integer"), ("x", "unknown"),
    )),
    "'POINT(1'^^<http://www.opengis.net/ont/geosparql#wktLiteral>",
    "'<a>'^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>",
    "<<( <http://a/s> <http://a/p> 'x'^^<http://www.w3.org/2001/XMLSchema#integer> )>>",
]  # fmt: skip
BLANK = re.compile("new|n?[0-9a-fN]{31,33}b?[0-9]*")


@dataclass(frozen=True)
class Terms:
    """What random updates are made of."""

    subjects: tuple[str, ...]
    predicates: tuple[str, ...]
    objects: tuple[str, ...]


@dataclass(frozen=True)
class Start:
    """A small graph, what is found in it, and what finds it."""

    content: Content
    terms: Terms
    rules: CompiledShapes
    validator: Validator

    @cached_property
    def found(self) -> Counter[tuple[str | None, ...]]:
        """Validate the graph as it is."""
        return self.whole(self.content)

    def whole(self, content: Content) -> Counter[tuple[str | None, ...]]:
        """Validate what ``kg validate`` reads of a content."""
        nothing = RdfFile("nothing.nt", b"", BASE)
        loaded = load_files([RdfFile("kg.nq", content.to_nquads(), BASE)], IRIS.queried_graphs(), nothing)
        return results(validate_union(loaded.union, self.rules.shapes_graph, IRIS))


def results(report: Report) -> Counter[tuple[str | None, ...]]:
    """Count results by what tells them apart; a blank node has another name each time that it is read."""
    return Counter(tuple(None if is_blank(part) else part for part in result.identity) for result in report.results)


def is_blank(part: str | None) -> bool:
    """Tell whether a part of a result is the name of a blank node."""
    return part is not None and BLANK.fullmatch(part) is not None


@pytest.fixture(scope="module")
def start(made: Build, home: Path) -> Start:
    """Take what the graph says of one city, with all that it points to, in the graphs that say it."""
    lines = made.quads().decode().splitlines()
    of_city = {line for line in lines if CITY in line.partition(" ")[0]}
    pointed_at = {read_quad(line).object for line in of_city}
    kept = of_city | {line for line in lines if line.partition(" ")[0] in pointed_at}
    quads = [read_quad(line) for line in sorted(kept)]
    predicates = {quad.predicate for quad in quads} | {"<http://a/p>", f"<{BASE}ontology#unknown>"}
    terms = Terms(
        (*sorted({quad.subject for quad in quads}), "<http://a/new>", "_:new"),
        (*sorted(predicates), TYPE, TYPE, "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"),
        (*sorted({quad.object for quad in quads if not quad.object.startswith("_:")}), "_:new", "<http://a/new>"),
    )
    content = Content(frozenset(kept), graphs_of(kept))
    return Start(content, terms, CompiledShapes(shapes_graph(home, IRIS), IRIS), Validator(home, BASE))


def hostile_update(terms: Terms, chance: random.Random) -> str:
    """Write an update of one to three operations."""
    operations = Operations(terms, chance)
    return " ; ".join(operations.one() for _ in range(chance.choice((1, 1, 2, 3))))


class Operations:
    """Writes random operations."""

    def __init__(self, terms: Terms, chance: random.Random) -> None:
        """Take what to write them of."""
        self._terms, self._chance = terms, chance

    def one(self) -> str:
        """Write one, more often than any other one that inserts data."""
        writers: list[Callable[[], str]] = [
            *[self._insert_data] * 6,
            self._delete,
            self._replace_values,
            self._turn_round,
            self._transfer,
            self._clear,
        ]
        return self._chance.choice(writers)()

    def _graph(self) -> str:
        return self._chance.choice([*GRAPHS, "DEFAULT"])

    def _inside(self, pattern: str) -> str:
        graph = self._graph()
        return f"{{ {pattern} }}" if graph == "DEFAULT" else f"{{ GRAPH {graph} {{ {pattern} }} }}"

    def _value(self) -> str:
        return self._chance.choice(self._chance.choice((LITERALS, self._terms.objects)))

    def _triple(self) -> str:
        choose = self._chance.choice
        return f"{choose(self._terms.subjects)} {choose(self._terms.predicates)} {self._value()}"

    def _insert_data(self) -> str:
        return f"INSERT DATA {self._inside(' . '.join(self._triple() for _ in range(self._chance.choice((1, 3)))))}"

    def _delete(self) -> str:
        subject, predicate = self._chance.choice(self._terms.subjects[:-1]), self._chance.choice(self._terms.predicates)
        return f"DELETE WHERE {self._inside(self._chance.choice((f'{subject} ?p ?o', f'?s {predicate} ?o')))}"

    def _replace_values(self) -> str:
        predicate, value = self._chance.choice(self._terms.predicates), self._value().replace("_:new", "<http://a/n>")
        old, new = (f"{{ GRAPH ?g {{ ?s {predicate} {one} }} }}" for one in ("?o", value))
        return f"DELETE {old} INSERT {new} WHERE {old}"

    def _turn_round(self) -> str:
        predicate = self._chance.choice(self._terms.predicates)
        pattern = f"{{ GRAPH ?g {{ ?s {predicate} ?o FILTER(ISIRI(?o)) }} }}"
        return f"INSERT {{ GRAPH {GRAPHS[0]} {{ ?o {predicate} ?s }} }} WHERE {pattern}"

    def _transfer(self) -> str:
        return f"{self._chance.choice(('MOVE', 'COPY', 'ADD'))} SILENT {self._graph()} TO {self._graph()}"

    def _clear(self) -> str:
        graph = self._graph()
        target = graph if graph == "DEFAULT" else f"GRAPH {graph}"
        return (
            f"{self._chance.choice(('DROP', 'CLEAR'))} SILENT {self._chance.choice((target, target, 'NAMED', 'ALL'))}"
        )


@settings(max_examples=settings().max_examples // 5, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_a_commit_finds_what_kg_validate_finds(start: Start, seed: int) -> None:
    """Whatever the update: results that are new, and only those, are those of the commit."""
    text = hostile_update(start.terms, random.Random(seed))
    dataset = Dataset.of(checkout_of(start.content), IRIS.queried_graphs())
    try:
        applied = apply_change(dataset, Change("update", f"{BASE}sparql", text=text))
        check_readable(dataset.store, applied.patch, dataset.queried)
    except (EvaluationError, ConflictError):
        return
    after = start.content.after(applied.patch)
    found = results(start.validator.revalidation(dataset, applied.patch).new)
    assert found == start.whole(after) - start.found, text


@pytest.mark.slow
def test_updates_of_every_kind_are_tried(start: Start) -> None:
    """Some bring violations, some do not, some cannot be committed."""
    outcomes: Counter[str] = Counter()
    for seed in range(40):
        dataset = Dataset.of(checkout_of(start.content), IRIS.queried_graphs())
        text = hostile_update(start.terms, random.Random(seed))
        try:
            applied = apply_change(dataset, Change("update", BASE, text=text))
            check_readable(dataset.store, applied.patch, dataset.queried)
            start.validator(dataset, applied.patch)
            outcomes["unchanged" if applied.patch.is_empty else "committed"] += 1
        except (EvaluationError, ConflictError):
            outcomes["refused"] += 1
        except NonconformingError:
            outcomes["nonconforming"] += 1
    assert all(outcomes[kind] >= 2 for kind in ("committed", "refused", "nonconforming")), outcomes


SMALL_PAGE = """중국

중국 산동성 위해시
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정(체결장소 : 서초구)
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Build a small page."""
    for name in ("KG_BASE_IRI", "KG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))
    (tmp_path / "page.txt").write_text(SMALL_PAGE, "utf-8")
    assert main(["build", str(tmp_path / "page.txt")]) == 0
    return Store(tmp_path / "store")


@pytest.mark.slow
def test_what_is_exported_is_validated(page: Store, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """In every form, of a version with all that a commit lets through, and of one of an older program."""
    triple = "<http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>>"
    hostile = f"""INSERT DATA {{
        <http://a/s> <http://a/p> 'x'^^<{XSD}integer>, 'one\u2028two\\n\\t"\\\\'@ko, _:b .
        _:b <http://a/x> <http://a/%20> .
        GRAPH <http://a/apart> {{ {triple} . <http://a/s> <{BASE}ontology#startDate> 'x'^^<{XSD}date> }} }}"""
    assert main(["update", hostile]) == 0
    older = triple.replace(" 1 ", " <http://a/o> ") + ' .\n<http://a/s> <http://a/p> "x"@ar--rtl .\n'
    for form in ("nq", "rdf", "jsonld"):
        check_export(form, tmp_path, capfdbinary)
    published(page, page.require_current().content().to_nquads() + older.encode())
    for form in ("ttl", "trig"):
        check_export(form, tmp_path, capfdbinary)


def check_export(form: str, folder: Path, captured: pytest.CaptureFixture[bytes]) -> None:
    """Export the current version and validate the file."""
    captured.readouterr()
    assert main(["export", "--format", form]) == 0
    (folder / f"kg.{form}").write_bytes(captured.readouterr().out)
    assert main(["validate", str(folder / f"kg.{form}")]) == 0, form


@pytest.mark.slow
def test_what_a_commit_refuses_kg_validate_names(
    page: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """And the other way round; what is in graphs that neither looks at is said."""
    bad = f"<{BASE}id/event/new> a <{BASE}ontology#ExchangeEvent>"
    for graph, code in ((f"{BASE}graphs/page", 1), ("http://a/apart", 0)):
        assert main(["update", f"INSERT DATA {{ GRAPH <{graph}> {{ {bad} }} }}"]) == code
        (tmp_path / "bad.trig").write_text(f"<{graph}> {{ {bad} }}")
        capfd.readouterr()
        assert main(["validate", "--with-current", str(tmp_path / "bad.trig")]) == code
        assert ("not validated" in capfd.readouterr().err) == (code == 0)
    assert len(page.commits()) == 2
