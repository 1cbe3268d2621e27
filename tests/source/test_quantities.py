"""Figures and counted units: what is read from text and written back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import PartialDate, Passage, Statistic, UnitCount
from kg.source.quantities import format_statistic, misplaced_comma, parse_statistic
from kg.source.units import format_unit_counts, parse_unit_counts


def read(text: str) -> Statistic:
    """Read a figure that stands from column 11 on."""
    statistic = parse_statistic(text, Passage(1, 11, 11 + len(text)))
    assert statistic
    return statistic


FIGURES = {
    "395.79㎢": ("395.79", "㎢", False, None, None),
    "23.4 ㎢": ("23.4", "㎢", False, None, None),
    "5,386 km²": ("5386", "㎢", False, None, None),
    "171.2제곱킬로미터": ("171.2", "㎢", False, None, None),
    "약 46만명(2019년말 상주인구 기준)": ("460000", "명", True, "2019-12-31", "resident"),
    "약 163만명 (2018년 상주인구 기준)": ("1630000", "명", True, "2018", "resident"),
    "약 71만명(2019년 기준)": ("710000", "명", True, "2019", None),
    "424만명": ("4240000", "명", False, None, None),
    "약 1,18만명(2018년 호적인구 기준)": ("1180000", "명", True, "2018", "registered"),
    "1억 2천만명": ("120000000", "명", False, None, None),
    "1,234,567명": ("1234567", "명", False, None, None),
    "46만 5천명": ("465000", "명", False, None, None),
    "46만5,000명": ("465000", "명", False, None, None),
    "약 2.5만명": ("25000", "명", True, None, None),
    "14만 2,500여명": ("142500", "명", True, None, None),
    "30만 명(2020. 1. 1. 주민등록인구 기준)": ("300000", "명", False, "2020-01-01", "registered"),
    "30만명(2020년 6월말 기준)": ("300000", "명", False, "2020-06-30", None),
    "30만명(2020 기준)": ("300000", "명", False, "2020", None),
}


@pytest.mark.parametrize(("text", "expected"), FIGURES.items(), ids=FIGURES)
def test_figures(text: str, expected: tuple[str, str, bool, str | None, str | None]) -> None:
    """A figure has its value, its unit, whether it is about, of when it is and what it counts."""
    figure = read(text)
    as_of = figure.as_of.edtf if figure.as_of else None
    assert (f"{figure.value:f}", figure.unit, figure.approximate, as_of, figure.basis) == expected
    assert figure.printed == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "많음",
        "12",
        "약 명",
        "12개",
        "12㎢ 정도",
        "3만명(2019년 추정)",
        "3만명(2019년 유동인구 기준)",
        "3만명(2019년 13월 기준)",
        "9" * 40 + "명",
        "1만명(말)",
        "1만명(2019년 5월 3일말 기준)",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    """What is not wholly a figure is none: nothing is guessed and nothing left behind."""
    assert parse_statistic(text, Passage(1, 1, len(text) + 1)) is None


def test_places_of_a_figure() -> None:
    """Each part of a figure knows where it stands."""
    text = "약 46만명(2019년말 상주인구 기준)"
    places = {name: text[place.start - 11 : place.end - 11] for name, place in read(text).places.items()}
    assert places == {
        "printed": text,
        "value": "46만",
        "unit": "명",
        "approximate": "약 ",
        "as_of": "2019년말",
        "basis": "2019년말 상주인구 기준",
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("1,18", "1,18"), ("1,2345", "1,2345"), ("12,34,567", "12,34,567"), ("17,485", None), ("123", None)],
)
def test_misplaced_comma(text: str, wrong: str | None) -> None:
    """Commas part a number in threes."""
    assert misplaced_comma(text) == wrong


figures = st.builds(
    Statistic,
    value=st.integers(1, 10**10).map(Decimal) | st.decimals(Decimal("0.01"), 99999, places=2),
    unit=st.sampled_from(["㎢", "명"]),
    approximate=st.booleans(),
    as_of=st.none()
    | st.builds(PartialDate, st.integers(1950, 2099))
    | st.builds(PartialDate, st.integers(1950, 2099), st.integers(1, 12), st.integers(1, 28))
    | st.builds(lambda year: PartialDate(year, 12, 31), st.integers(1950, 2099)),
    basis=st.sampled_from([None, "resident", "registered"]),
)


@given(figures)
def test_a_figure_is_read_as_it_was_written(figure: Statistic) -> None:
    """Text and value of a figure are each other's inverse."""
    assert read(format_statistic(figure)) == figure


@given(st.text("0123456789,.억천백만약여명㎢() 년말기준", max_size=20))
def test_any_text_is_a_figure_or_none(text: str) -> None:
    """Whatever stands there, it is a figure or none; a figure has places within the text."""
    figure = parse_statistic(text, Passage(1, 1, len(text) + 1))
    assert figure is None or all(1 <= place.start < place.end <= len(text) + 1 for place in figure.places.values())


# -- counted units -----------------------------------------------------------------------------------------------


def units(category: str, text: str) -> tuple[UnitCount, ...] | None:
    """Read a list of counted units."""
    return parse_unit_counts(category, text, Passage(1, 1, len(text) + 1))


LISTS = {
    "5개 가도(街道, 한국의 ‘동’에 해당)": [("가도", 5, "street-office")],
    "2개 구(훈강구,강원구), 1개 현급시": [("구", 2, "district"), ("현급시", 1, "county-level-city")],
    "2개현급시, 2개구, 6개현": [("현급시", 2, "county-level-city"), ("구", 2, "district"), ("현", 6, "county")],
    "5개 구, 1개 현급 시": [("구", 5, "district"), ("현급 시", 1, "county-level-city")],
    "1개 국가급 경제기술개발구": [("국가급 경제기술개발구", 1, "development-zone")],
    "장1, 부구장4, 1개발구": [
        ("장", 1, "district-head"),
        ("부구장", 4, "deputy-district-head"),
        ("개발구", 1, "development-zone"),
    ],
    "8위원회 , 13판공실 , 18국": [("위원회", 8, "commission"), ("판공실", 13, "general-office"), ("국", 18, "bureau")],
    "구청장 1명, 부구청장 2명": [("구청장", 1, "district-head"), ("부구청장", 2, "deputy-district-head")],
    "12과": [("과", 12, None)],
}


@pytest.mark.parametrize(("text", "expected"), LISTS.items(), ids=LISTS)
def test_lists_of_units(text: str, expected: list[tuple[str, int, str | None]]) -> None:
    """A list has each unit with its number, before or behind; an unknown one stays without a kind."""
    read_units = units("organ", text)
    assert read_units
    assert [(unit.label, unit.count, unit.kind) for unit in read_units] == expected


@pytest.mark.parametrize(
    "text", ["", "여러 개", "5", "5개, ", ", 5개 구", "5개 구,, 2개 현", "5개 구 2개 현", "5개 구(갑구"]
)
def test_what_is_no_list(text: str) -> None:
    """A list with an item that cannot be read is none."""
    assert units("division", text) is None


labels = st.sampled_from(["구", "현", "현급시", "가도", "동", "정"])


@st.composite
def unit_counts(draw: st.DrawFn, category: str) -> UnitCount:
    """Draw a counted unit."""
    label = draw(labels if category == "division" else st.sampled_from(["구장", "부시장", "국", "위원회", "과"]))
    names = draw(st.lists(st.text("가나다라마", min_size=1, max_size=3).map(lambda name: name + label), max_size=3))
    remark = draw(st.none() | st.just("한국의 ‘동’에 해당")) if not names else None
    count_first = category == "division" or draw(st.booleans())
    kinds = {
        "구": "district",
        "현": "county",
        "현급시": "county-level-city",
        "가도": "street-office",
        "동": "neighbourhood",
    }
    kinds |= {"구장": "district-head", "부시장": "deputy-mayor", "국": "bureau", "위원회": "commission"}
    count = draw(st.integers(0, 999))
    return UnitCount(category, label, count, kinds.get(label), tuple(names), remark, count_first)


@given(
    st.sampled_from(["division", "organ"]).flatmap(
        lambda category: st.lists(unit_counts(category), min_size=1, max_size=5)
    )
)
def test_a_list_is_read_as_it_was_written(counts: list[UnitCount]) -> None:
    """Text and values of a list of units are each other's inverse."""
    written = format_unit_counts(tuple(counts))
    assert units(counts[0].category, written) == tuple(counts)
