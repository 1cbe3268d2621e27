import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.http.negotiation import choose_encoding, choose_language, choose_media_type, preferences

OFFERS = ("application/sparql-results+json", "text/csv", "text/turtle", "application/json")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, OFFERS[0]),
        ("", OFFERS[0]),
        ("*/*", OFFERS[0]),
        ("text/*", "text/csv"),
        ("text/turtle, text/csv", "text/csv"),
        ("text/csv;q=0.5, text/turtle;q=0.6", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/csv;q=0, text/*", "text/turtle"),
        ("text/*;q=0, */*;q=0.1", OFFERS[0]),
        ("text/turtle; charset=utf-8", "text/turtle"),
        ("text/turtle; charset=utf-16", "text/turtle"),
        ("text/turtle;version=1.2", "text/turtle"),
        ('text/turtle; profile="http://a/?q=0,b"; q=0.5, text/csv; header=absent; q=0.4', "text/turtle"),
        ("text/turtle;version=1.1;q=0.2, text/turtle;version=1.2;q=0.9, text/csv;q=0.5", "text/turtle"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/csv;q=2", None),
        ("text/csv;q=abc, text/turtle", "text/turtle"),
        ('text/turtle;x="a,b;q=0", text/csv;q=0.1', "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", OFFERS[0]),
    ],
)
def test_the_media_type_chosen(header: str | None, chosen: str | None) -> None:
    """The most specific range gives an offer its weight, whatever its parameters; the heaviest offer wins."""
    assert choose_media_type(header, OFFERS) == chosen


weights = st.integers(0, 1000).map(lambda thousandths: f"{thousandths / 1000:.3f}")


@given(st.dictionaries(st.sampled_from(OFFERS), weights, min_size=1))
def test_the_heaviest_offer_wins(weighted: dict[str, str]) -> None:
    """Among exact ranges the weight decides, in whatever order they come."""
    header = ", ".join(f"{media_type};q={weight}" for media_type, weight in weighted.items())
    best = max(float(weight) for weight in weighted.values())
    chosen = choose_media_type(header, OFFERS)
    assert chosen is None if best == 0 else float(weighted[str(chosen)]) == best


@given(st.text(alphabet='abc/*;=q.,"\\ 01', max_size=60))
def test_any_header_is_survived(header: str) -> None:
    """No header, however mangled, raises; a choice is an offer or none."""
    assert choose_media_type(header, OFFERS) in (*OFFERS, None)
    assert choose_language(header) in ("en", "ko", "zh")
    assert choose_encoding(header, ("br", "gzip")) in ("br", "gzip", "identity")


def test_a_header_without_end_is_cut_short() -> None:
    """Only so many elements are read."""
    assert len(preferences("a/b," * 100_000)) <= 200


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("ko", "ko"),
        ("ko-KR, en;q=0.9", "ko"),
        ("en, ko", "en"),
        ("zh-CN", "zh"),
        ("ko;q=0, en;q=0.1", "en"),
    ],
)
def test_the_language_chosen(header: str | None, language: str) -> None:
    """Korean or Chinese when it is preferred, English otherwise."""
    assert choose_language(header) == language


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (None, "identity"),
        ("gzip", "gzip"),
        ("br, gzip", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("*", "br"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0", "identity"),
    ],
)
def test_the_encoding_chosen(header: str | None, encoding: str) -> None:
    """The preferred coding of those on offer, ours first among equals."""
    assert choose_encoding(header, ("br", "gzip")) == encoding
