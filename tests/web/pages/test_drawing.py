"""Pictures: well formed whatever the words, true to their data, and never without the table behind them."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.pages.drawing.chart import Bar, ChartTexts, draw_bars
from kg.web.pages.drawing.map import MapPlace, MapTexts, draw_map
from kg.web.pages.drawing.svg import Picture, TextCell
from kg.web.pages.drawing.timeline import TimelineMark, TimelineTexts, draw_timeline

SVG = "{http://www.w3.org/2000/svg}"
MAP = MapTexts("지도", "설명", "도시", "위도", "경도")
LINE = TimelineTexts("연표", "설명", "언제", "종류", "내용")
CHART = ChartTexts("연도별 교류", "설명", "연도", "건")
SEOCHO = MapPlace("서초구", 37.48, 127.03, "/seocho", is_home=True)
HONGKOU = MapPlace("홍구구", 31.26, 121.49, "/hongkou")
JIANHUA = MapPlace("건화구", 47.35, 123.95, "/jianhua")
SQUARE = ((120.0, 30.0), (125.0, 30.0), (125.0, 35.0), (120.0, 35.0))
FAR = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))

printable = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="￾￿"))
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def parsed(picture: Picture) -> ET.Element:
    """Parse the markup, which names itself and is told apart by its title."""
    root = ET.fromstring(picture.svg)  # noqa: S314 - what we drew ourselves
    assert root.find(f"{SVG}title") is not None
    return root


def dots(root: ET.Element) -> dict[str, tuple[float, float]]:
    """Return where each place was drawn."""
    return {
        link.find(f"{SVG}text").text or "": (  # type: ignore[union-attr]  # a place has a name
            float(link.find(f"{SVG}circle").get("cx", "")),  # type: ignore[union-attr]  # and a dot
            float(link.find(f"{SVG}circle").get("cy", "")),  # type: ignore[union-attr]
        )
        for link in root.iter(f"{SVG}a")
    }


def test_a_map_has_its_places_where_they_lie() -> None:
    """West is left, north is up; what is far away is not drawn."""
    picture = draw_map([SEOCHO, HONGKOU, JIANHUA], (SQUARE, FAR), MAP)
    root = parsed(picture)
    at = dots(root)
    assert at["홍구구"][0] < at["건화구"][0] < at["서초구"][0]
    assert at["건화구"][1] < at["서초구"][1] < at["홍구구"][1]
    land = root.find(f"{SVG}path[@class='land']")
    assert land is not None
    assert land.get("d", "").count("M") == 1
    assert len(root.findall(f"{SVG}path[@class='tie']")) == 2
    assert picture.table.rows[1] == (TextCell("홍구구", "/hongkou"), TextCell("31.26"), TextCell("121.49"))


def test_names_of_neighbours_do_not_cover_each_other() -> None:
    """Two places side by side have their names on either side."""
    near = MapPlace("랑방시", 39.52, 116.7, "/a"), MapPlace("동성구", 39.93, 116.42, "/b")
    root = parsed(draw_map([SEOCHO, *near], (), MAP))
    anchors = {text.text: (text.get("text-anchor"), float(text.get("y", ""))) for text in root.iter(f"{SVG}text")}
    assert anchors["랑방시"][0] != anchors["동성구"][0] or abs(anchors["랑방시"][1] - anchors["동성구"][1]) > 20


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180), printable), min_size=1, max_size=6))
def test_any_places_can_be_drawn(places: list[tuple[float, float, str]]) -> None:
    """Every dot is inside the picture, whatever it is called."""
    drawn = [MapPlace(name, latitude, longitude, "/x") for latitude, longitude, name in places]
    root = parsed(draw_map(drawn, (SQUARE,), MAP))
    _, _, width, height = map(float, root.get("viewBox", "").split())
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == len(drawn)
    for circle in circles:
        assert 0 <= float(circle.get("cx", "")) <= width
        assert 0 <= float(circle.get("cy", "")) <= height


@given(st.lists(st.tuples(days, st.integers(0, 800), printable), max_size=8))
def test_any_occurrences_can_be_drawn(found: list[tuple[date, int, str]]) -> None:
    """Each has its mark and its row; later ones are not left of earlier ones."""
    marks = [
        TimelineMark("방문", start, start + timedelta(length), start.isoformat(), what, "/x")
        for start, length, what in found
    ]
    picture = draw_timeline(marks, ["방문", "서신"], LINE)
    drawn = [float(mark.get("x", "")) for mark in parsed(picture).iter(f"{SVG}rect")]
    assert len(drawn) == len(picture.table.rows) == len(marks)
    dots_only = sorted((mark.start, x) for mark, x in zip(marks, drawn, strict=True) if mark.start == mark.end)
    assert [x for _, x in dots_only] == sorted(x for _, x in dots_only)


def test_a_date_that_is_less_sure_is_wider() -> None:
    """A year is wider than a month, a month is at least a dot."""
    year = TimelineMark("방문", date(2000, 1, 1), date(2000, 12, 31), "2000년", "방문", "/y")
    day = TimelineMark("방문", date(2003, 5, 1), date(2003, 5, 1), "2003. 5. 1.", "방문", "/d")
    widths = [
        float(mark.get("width", "")) for mark in parsed(draw_timeline([year, day], ["방문"], LINE)).iter(f"{SVG}rect")
    ]
    assert widths[0] > widths[1] == 12


@pytest.mark.parametrize("values", [[], [0], [3, 0, 9], list(range(60))])
def test_bars_are_as_high_as_their_numbers(values: list[int]) -> None:
    """Heights stand in proportion; a bar of nothing has no number above it."""
    picture = draw_bars([Bar(str(1990 + n), value, f"/y{n}") for n, value in enumerate(values)], CHART)
    heights = [float(bar.get("height", "")) for bar in parsed(picture).iter(f"{SVG}rect")]
    most = max(values, default=0)
    assert heights == pytest.approx([190 * value / (most or 1) for value in values], abs=0.01)
    assert [row[1].text for row in picture.table.rows] == [str(value) for value in values]


@given(printable)
def test_words_stay_words(text: str) -> None:
    """What a name says is never markup."""
    root = parsed(draw_bars([Bar(text, 1, "/x")], CHART))
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert titles == ["연도별 교류", f"{text}: 1"]
