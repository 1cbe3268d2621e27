"""Generated pages of the family: whatever is on them, every line is accounted for and the page comes back."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from kg.domain import Page
from kg.source import read_page, write_page

ROLES = {
    "blank", "page-title", "country-heading", "heading", "section-title", "agreement-date", "agreement-title",
    "agreement-background", "area", "population", "divisions", "organs", "group", "characteristic", "exchange", "note",
    "homepage", "survey", "metadata", "unread",
}  # fmt: skip
CITIES = [
    "중국 하남성 학벽시",
    "중국 북경시 동성구",
    "일본 도쿄도 스기나미구",
    "일본 교토부 교토시",
    "미국 캘리포니아주 어바인시",
    "호주 퍼스시",
    "튀르키예 이스탄불 시실리구",
    "몽골 수흐바타르구",
    "프랑스 파리시 15구",
]


@dataclass
class Written:
    """A page that was generated, with what was put on it."""

    lines: list[str] = field(default_factory=list)
    cities: int = 0
    exchanges: int = 0
    occurrences: int = 0
    head_counts: int = 0
    characteristics: int = 0
    unread: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Manner:
    """How a generated page is written."""

    indent: str
    bullet: str
    ending: str
    doubled: bool
    last_line: bool


def manners() -> st.SearchStrategy[Manner]:
    """Draw how a page is written."""
    indents, endings = st.sampled_from(["  ", "\t", "   "]), st.sampled_from(["", "\r", " ", "\t"])
    return st.builds(Manner, indents, st.sampled_from("•▪○-"), endings, st.booleans(), st.booleans())


FIELDS = [
    "결 연 일 : 2010년 5월 3일",
    "결연명칭 : 서초구 - 상대 우호도시 협정 (체결장소 : 서초구)",
    "결연배경 : 민간교류를 통한 우호교류 추진",
    "홈페이지 : http://www.example.org/",
]
GENERAL = [
    "면 적 : 1,234.5㎢",
    "인 구 : 약 46만 5천명(2019년 상주인구 기준)",
    "행정구역 : 5개 가도(街道), 2개 현",
    "행정기구 : 구장1, 24국",
]
GARBAGE = [
    "시 차 : -17시간",
    "면 적 : 넓음",
    "알 수 없는 줄",
    "결 연 일 : 언젠가",
    "홈페이지 : 준비중",
    ":",
    "결연명칭 :",
]


@st.composite
def exchange_lines(draw: st.DrawFn, name: str, written: Written) -> str:
    """Draw an exchange line, and count what is on it."""
    months = draw(st.lists(st.tuples(st.integers(1990, 2023), st.integers(1, 12)), max_size=3, unique=True))
    count = draw(st.none() | st.integers(1, 99))
    who, where = draw(st.sampled_from([("서초구", name), (name, "서초구")]))
    act = draw(
        st.sampled_from(
            ["방문", "축제 참가", "시찰", "화상회의 개최", "마스크 기증", "탄생 24주년 축하", "방문, 제6회 박람회 참가"]
        )
    )
    written.exchanges += 1
    written.occurrences += len(months)
    written.head_counts += count is not None
    people = f"({count}명)" if count is not None else ""
    form = draw(st.sampled_from(["{0}년 {1}월", "{0}년{1}월", "{0}.{1}.", "{0}.{1:02}.07", "{0}년 {1}월 3일 ~ 5일"]))
    dates = ", ".join(form.format(*month) for month in months)
    return f"{who} 대표단{people} {where} {act}" + (f" ({dates})" if dates else "")


@st.composite
def sections(draw: st.DrawFn, heading: str, manner: Manner, written: Written) -> None:
    """Write the section of a city onto the page."""
    item, nested = f"{manner.indent}{manner.bullet} ", f"{manner.indent * 2}{manner.bullet} "
    written.cities += 1
    written.lines += ["", heading, ""] if manner.doubled else [""]
    written.lines.append(heading)
    blocks: list[list[str]] = [[f"{item}{one}"] for one in draw(st.lists(st.sampled_from(FIELDS), unique=True))]
    general = draw(st.lists(st.sampled_from(GENERAL), unique=True))
    features = draw(
        st.lists(st.sampled_from(["바다와 접해 있습니다.", "2004년부터 축제를 엽니다.", "7300년전의 유적이 있습니다."]))
    )
    written.characteristics += len(features)
    lines = [draw(exchange_lines(heading.rsplit(maxsplit=1)[-1], written)) for _ in range(draw(st.integers(0, 5)))]
    for label, group in (("일반현황", general), ("지역특성", features), ("주요교류내용", lines)):
        if group:
            blocks.append([f"{item}{label}", *(f"{nested}{one}" for one in group)])
    blocks = draw(st.permutations([*blocks, [f"{item}행정구역 : 3개 구"]] if not general else blocks)) or [
        [f"{item}지역특성"]
    ]
    for block in blocks:
        written.lines += block
        for garbage in draw(st.lists(st.sampled_from(GARBAGE), max_size=1)):
            written.lines.append(f"{item}{garbage}")
            written.unread.add(len(written.lines))


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, Written]:
    """Draw a page with one city or several, in one manner throughout."""
    written, manner = Written(), draw(manners())
    if draw(st.booleans()):
        written.lines.append("해외 우호도시")
    for heading in draw(st.lists(st.sampled_from(CITIES), min_size=1, max_size=3, unique=True)):
        draw(sections(heading, manner, written))
    if draw(st.booleans()):
        written.lines += [
            "",
            "이 페이지에서 제공하는 정보에 대하여 만족하십니까?",
            "",
            f"{manner.indent}{manner.bullet} 최종수정일 2024-08-08",
        ]
    text = "\n".join(f"{line}{manner.ending}" for line in written.lines)
    return (f"{text}\n" if manner.last_line else text), written


def assert_sound(text: str, page: Page) -> None:
    """Check what holds of every page: each line once, each error in its place, and the page comes back."""
    lines = text.split("\n")
    assert [(line.number, line.text) for line in page.lines] == list(enumerate(lines, 1))
    assert {line.role for line in page.lines} <= ROLES
    unread = [line.number for line in page.lines if line.role == "unread"]
    assert [doubt.place.line for doubt in page.doubts if doubt.rule == "unread-line"] == unread
    for doubt in page.doubts:
        place, line = doubt.place, lines[doubt.place.line - 1]
        assert 1 <= place.start <= place.end <= len(line) + 1
        assert line[place.start - 1 : place.end - 1] == doubt.printed
    for each in page.lines:
        assert (each.role == "blank") == (not each.text.removeprefix("\ufeff").strip())
    assert write_page(page) == text


@given(pages())
def test_generated_page(drawn: tuple[str, Written]) -> None:
    """What was put on a page is read from it, in whatever order and manner; garbage is reported where it stands."""
    text, written = drawn
    page = read_page(text, "page")
    assert_sound(text, page)
    found = [exchange for _, exchange in page.exchanges()]
    assert len(page.cities) == written.cities
    assert len(found) == written.exchanges
    assert sum(len(exchange.occurrences) for exchange in found) == written.occurrences
    assert sum(one.head_count is not None for exchange in found for one in exchange.delegations) == written.head_counts
    assert sum(len(city.characteristics) for city in page.cities) == written.characteristics
    assert {line.number for line in page.lines if line.role == "unread"} == written.unread
    errors = {doubt.place.line for doubt in page.doubts if doubt.severity == "error"}
    assert errors == written.unread


@given(pages(), st.data())
def test_damaged_page(drawn: tuple[str, Written], data: st.DataObject) -> None:
    """A page with lines lost, doubled, moved or cut is still accounted for line by line, and comes back."""
    lines = drawn[0].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        cut = data.draw(st.integers(0, len(lines[at])))
        lines[at:at] = [
            data.draw(
                st.sampled_from([lines[to], lines[at][:cut], lines[at][cut:], "대표단 방문", "가나 다라", "※ 주석", ""])
            )
        ]
        del lines[data.draw(st.integers(0, len(lines) - 1))]
    text = "\n".join(lines)
    assert_sound(text, read_page(text, "page"))


hard = st.sampled_from(
    [
        "\n",
        "\r\n",
        "  • ",
        "    • ",
        "※ ",
        "\ufeff",
        "\t",
        "\u00a0",
        "\x1f",
        "\0",
        "중국",
        "중국 학벽시",
        "주요교류내용",
        "일반현황",
        "지역특성",
        "면 적 : ",
        "결 연 일 : ",
        "결연명칭 : ",
        "인 구 : ",
        "행정구역 : ",
        "홈페이지 : ",
        "(",
        ")",
        "2014년 3월",
        ", 9월",
        "2015.06.04/",
        "명",
        "약",
        "대표단",
        "서초구",
        "방문",
        "체결",
        "협정",
        "최종수정일 ",
        "위치 ",
        "만족하십니까?",
        "1,18만명",
        "9" * 30,
        "²",
        "٣",
        "街道",
        "양 구",
        "-",
        "~",
    ]
)


beginnings = st.sampled_from(
    ["", "중국 학벽시\n  • ", "중국 학벽시\n  • 주요교류내용\n    • 서초구 ", "중국 학벽시\n  • 지역특성\n    • "]
)


@given(beginnings, st.lists(hard | st.text(max_size=4), max_size=40).map("".join))
def test_any_text_comes_back(beginning: str, text: str) -> None:
    """Any text at all is read without a fault, line by line, and written back byte for byte."""
    assert_sound(beginning + text, read_page(beginning + text, "page"))


def test_long_lines_are_read_in_time() -> None:
    """A line of tens of thousands of characters is read like any other."""
    long = [
        "가" * 20_000,
        "(" * 5_000,
        " " * 20_000 + "끝",
        "2014년 3월, " * 3_000,
        "1" * 20_000,
        "서초구 " * 3_000,
        "가,(" * 3_000,
    ]
    for words in long:
        items = f"  • 면 적 : {words}\n  • 행정구역 : {words}\n  • 주요교류내용\n    • {words}\n    • 방문 ({words})"
        text = f"중국 학벽시\n{items}"
        assert_sound(text, read_page(text, "page"))


def test_digits_of_any_length_are_no_fault() -> None:
    """A number too long to be one is reported or left in its words."""
    number = "9" * 500
    line = f"대표단({number}명) {number}주년 ({number}년)"
    text = f"중국 학벽시\n  • 인 구 : {number}명\n  • 행정구역 : {number}개 구\n  • 주요교류내용\n    • {line}"
    page = read_page(text, "page")
    assert_sound(text, page)
    assert [line.role for line in page.lines] == ["section-title", "unread", "unread", "group", "exchange"]
