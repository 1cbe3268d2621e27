"""What the pages read: queries with parameters, exchange lines, filters, search."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import DEFAULT_BASE_IRI, Iris, RequestError
from kg.rdf import N_TRIPLES, TURTLE
from kg.store import LocalEvaluator, Store
from kg.web.pages.queries.exchanges import Dimension, ExchangeFilter, ExchangeView, counts, read_exchanges
from kg.web.pages.queries.pinyin import hangul, latin
from kg.web.pages.queries.query_runner import QueryRunner, filled
from kg.web.pages.queries.search import SearchIndex, fold, initials, read_index
from kg.web.pages.queries.terms import Term, iri
from signing import held_by

DIMENSIONS: tuple[Dimension, ...] = ("city", "year", "kind", "way", "topic")
HONGKOU = f"{DEFAULT_BASE_IRI}id/municipality/hongkou"


@pytest.fixture(scope="module")
def query_runner(built_store: Path) -> Iterator[QueryRunner]:
    """Ask the owner's page."""
    version = Store(built_store).current()
    assert version
    evaluator = LocalEvaluator()
    yield QueryRunner(evaluator, version, Iris(DEFAULT_BASE_IRI))
    evaluator.close()


@pytest.fixture(scope="module")
def exchanges(query_runner: QueryRunner) -> tuple[ExchangeView, ...]:
    """Read every exchange line."""
    return read_exchanges(query_runner)


@pytest.fixture(scope="module")
def index(query_runner: QueryRunner) -> SearchIndex:
    """Read what can be found."""
    return read_index(query_runner)


@given(st.text(), st.sampled_from(["", "ko", "zh-hans"]))
def test_a_literal_survives_sparql(text: str, language: str) -> None:
    """A term that goes into a query as text comes back from it as it was."""
    clean = text.encode("utf-8", "ignore").decode()
    term = Term(clean, language=language)
    query = filled("SELECT ?it { VALUES ?it {} }", {"it": [term]})
    results = pyoxigraph.Store().query(query)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    (solution,) = results
    literal = solution["it"]
    assert isinstance(literal, pyoxigraph.Literal)
    assert (literal.value, literal.language or "") == (clean, language)


@pytest.mark.parametrize("value", ["http://a/> } DROP ALL #", "http://a/ b", 'http://a/"', "http://a/\n"])
def test_what_is_no_iri_stays_out_of_a_query(value: str) -> None:
    """An address cannot end the brackets that it stands in."""
    with pytest.raises(RequestError):
        iri(value).in_sparql()


def test_every_query_parses_as_it_stands() -> None:
    """Each file is SPARQL by itself, its parameters empty."""
    for file in files("kg.web.pages.queries").joinpath("queries").iterdir():
        pyoxigraph.Store().query(file.read_text("utf-8"))


def test_a_description_has_what_a_reader_needs(query_runner: QueryRunner) -> None:
    """A city comes with its figures, the labels of what it points to, its passages, doubts and claims."""
    facts = query_runner.facts("description", thing=[iri(HONGKOU)])
    kg = f"{DEFAULT_BASE_IRI}ontology#"
    assert facts.text(HONGKOU, f"{kg}population", f"{kg}value") == "710000"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert {term.language for term in facts.all(HONGKOU, f"{kg}within", label)} == {"ko", "en", "zh-hans"}
    derived = "http://www.w3.org/ns/prov#wasDerivedFrom"
    assert facts.all(HONGKOU, derived, f"{kg}line", f"{kg}lineText")
    assert any(predicate == f"{kg}exchangedWith" for predicate, _ in facts.pointing(iri(HONGKOU)))
    assert all(f"{kg}population" in facts.about(f"{kg}population") or facts.text(term, label) for term in [f"{kg}area"])


def test_a_description_as_turtle_has_our_prefixes(query_runner: QueryRunner) -> None:
    """The same facts as RDF, written with the prefixes of the query."""
    turtle = query_runner.graph("description", TURTLE, thing=[iri(HONGKOU)])
    assert b"@prefix kg:" in turtle
    assert b"kg:population" in turtle
    ntriples = query_runner.graph("description", N_TRIPLES, thing=[iri(HONGKOU)])
    rows = query_runner.rows("description", thing=[iri(HONGKOU)])
    assert len(ntriples.splitlines()) == len(rows)


def test_every_line_is_read_latest_first(exchanges: tuple[ExchangeView, ...]) -> None:
    """The page has 80 lines with 101 dates."""
    assert len(exchanges) == 80
    assert sum(len(exchange.occurrences) for exchange in exchanges) == 101
    last_days = [max(one.end for one in exchange.occurrences) for exchange in exchanges]
    assert last_days == sorted(last_days, reverse=True)


WORDS = ("", "방문", "covid", "서신", "대표단", '"\\')


def drawn(exchanges: tuple[ExchangeView, ...], data: st.DataObject) -> ExchangeFilter:
    """Draw a filter of values that occur, and of a word that may not."""
    values = {
        name: data.draw(st.sampled_from(["", *sorted({value for one in exchanges for value in one.values(name)})]))
        for name in DIMENSIONS
    }
    return ExchangeFilter(**values, word=data.draw(st.sampled_from(WORDS)))


@pytest.fixture(scope="module")
def loaded(query_runner: QueryRunner) -> pyoxigraph.Store:
    """Load the version into an engine of its own."""
    store = pyoxigraph.Store()
    store.bulk_load(held_by(query_runner.version), pyoxigraph.RdfFormat.N_QUADS)
    return store


@given(data=st.data())
def test_the_query_behind_a_filter_finds_the_same_lines(
    query_runner: QueryRunner, loaded: pyoxigraph.Store, exchanges: tuple[ExchangeView, ...], data: st.DataObject
) -> None:
    """What the page lists is what the SPARQL query that it offers finds, in the same order."""
    asked = drawn(exchanges, data)
    listed = [exchange.iri for exchange in exchanges if asked.matches(exchange)]
    text = asked.query(query_runner, "ko")
    found = exchanges_found(loaded, text)
    assert found == listed


def exchanges_found(store: pyoxigraph.Store, text: str) -> list[str]:
    """Ask a text as any client would."""
    results = store.query(text, use_default_graph_as_union=True)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    return [solution["exchange"].value for solution in results]


@given(data=st.data())
def test_a_facet_counts_what_choosing_it_would_list(exchanges: tuple[ExchangeView, ...], data: st.DataObject) -> None:
    """The number beside a value is the length of the list behind its link."""
    asked = drawn(exchanges, data)
    for name in DIMENSIONS:
        for value, count in counts(exchanges, name, asked).items():
            chosen = ExchangeFilter(**{**vars(asked), name: value})
            assert count == sum(map(chosen.matches, exchanges))


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("홍구구", "municipality/hongkou"),
        ("훙커우", "municipality/hongkou"),
        ("虹口", "municipality/hongkou"),
        ("Hongkou", "municipality/hongkou"),
        ("hóngkǒu qū", "municipality/hongkou"),
        ("HONGKOU QU", "municipality/hongkou"),
        ("hongkouqu", "municipality/hongkou"),
        ("ㅎㄱㄱ", "municipality/hongkou"),
        ("상하이", "municipality/shanghai"),
        ("상해", "municipality/shanghai"),
        ("서신 위로", "exchange/dongcheng-2020-03"),
        ("윤봉길", "topic/yun-bong-gil"),
    ],
)
def test_one_box_finds_it_first(index: SearchIndex, asked: str, slug: str) -> None:
    """Names in all scripts, by sound and by initial consonants, and words of the lines, lead to the thing."""
    first = index.find(asked)[0]
    assert first.thing == f"{DEFAULT_BASE_IRI}id/{slug}"
    assert first.before + first.matched + first.after


def test_a_match_is_shown_in_its_text(index: SearchIndex) -> None:
    """What matched stands between what stands around it."""
    for match in index.find("위로 서신"):
        assert match.matched == "위로 서신"
        assert (match.before.lstrip("…") + match.matched + match.after.rstrip("…")) in match.text.value


def test_nothing_is_found_for_nothing(index: SearchIndex) -> None:
    """No words, or words that are nowhere."""
    assert index.find("") == index.find(" ,— ") == index.find("바둑대회장") == []


@given(st.text(max_size=20))
def test_whatever_is_asked_has_an_answer(index: SearchIndex, asked: str) -> None:
    """Search never fails, and folding twice is folding once."""
    index.find(asked)
    assert fold(fold(asked)) == fold(asked)
    assert len(initials(asked)) == len(asked)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[("上海", "상하이"), ("北京", "베이징"), ("青岛", "칭다오"), ("崂山", "라오산"), ("齐齐哈尔", "치치하얼")],
        *[
            ("白山", "바이산"),
            ("廊坊", "랑팡"),
            ("东城", "둥청"),
            ("鹤壁", "허비"),
            ("枣庄", "짜오좡"),
            ("河北", "허베이"),
        ],
        *[
            ("山东", "산둥"),
            ("黑龙江", "헤이룽장"),
            ("吉林", "지린"),
            ("河南", "허난"),
            ("建华", "젠화"),
            ("新疆", "신장"),
        ],
        *[
            ("徐州", "쉬저우"),
            ("泉州", "취안저우"),
            ("云南", "윈난"),
            ("温州", "원저우"),
            ("广州", "광저우"),
            ("四川", "쓰촨"),
        ],
    ],
)
def test_chinese_names_sound_as_the_rules_have_them(name: str, expected: str) -> None:
    """외래어 표기법 as the National Institute of Korean Language applies it to well-known places."""
    assert hangul(latin(name)) == expected
