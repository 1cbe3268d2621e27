"""Exchange lines: who, what, which way and when; what fits no kind stays without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import HOME, Agreement, City, DateSpan, Delegation, Exchange, Occurrence, PartialDate, Party, Passage
from kg.source.composition import compose_exchange
from kg.source.exchanges import read_exchange
from kg.source.parties import PartyNames
from kg.source.words import KINDS

SUGINAMI = ("일본", "도쿄도", "스기나미구")
KIND_NAMES = [kind for kind, _ in KINDS]


def read(line: str, path: tuple[str, ...] = SUGINAMI, founding: Agreement | None = None) -> Exchange:
    """Read a line of the section of a city."""
    return read_exchange(line, Passage(1, 1, len(line) + 1), PartyNames(path), founding)


KIND_OF_LINE = {
    "스기나미구 대표단 서초구 방문": "visit",
    "스기나미구 구청장 서초구청 예방": "visit",
    "서초구-스기나미구 간 우호교류 의향서 체결": "signing",
    "스기나미구 구청장의 위로 서신 접수": "letter",
    "서초구, 연하장 발송": "greeting-card",
    "스기나미구 신년 축하 카드 접수": "greeting-card",
    "스기나미구 소개자료 수신": "information-material",
    "스기나미구 서초구 탄생 24주년 축하": "congratulation",
    "스기나미구 개막식 참석": "ceremony",
    "서초구 대표단 아와오도리 축제 참가": "fair-or-festival",
    "양 구 투자설명회 개최": "investment-promotion",
    "서초구 직원 스기나미구 파견 근무": "staff-exchange",
    "서초구 공무원 1명 스기나미구 파견": "staff-exchange",
    "스기나미구 관광 홍보": "publicity",
    "서초구 대표단 쓰레기 처리시설 시찰": "inspection",
    "스기나미구의 교류 제의": "proposal",
    "서초구 선수단 친선 축구대회 참가": "sports-event",
    "스기나미구와 화상회의 개최": "meeting",
    "스기나미구에 마스크 1만장 기증": "aid",
    "스기나미구청장에게 기념품 전달": "gift",
    "경기도 소재 기업 간담회": "meeting",
}


@pytest.mark.parametrize(("line", "kind"), KIND_OF_LINE.items(), ids=KIND_OF_LINE)
def test_kinds(line: str, kind: str) -> None:
    """Each kind is known by the word for its act."""
    assert read(line).primary_kind == kind


UNCLASSIFIED = [
    "어바인시로부터 명예시민증 수여",
    "서초구 청소년 20명 홈스테이 참가",
    "양 구 간 우호협력 협의",
    "숲 조성 기념 식수",
    "직원 방한복 지원",
    "안내방송 실시",
    "감염병 예방 협력 회의",
    "우호협정 체결 10주년",
    "업무협약 체결 논의",
    "참전용사 위문공연 개최",
    "국제 사진전 후원",
    "감사패 수여",
    "방문단 명단 확정",
]


@pytest.mark.parametrize("line", UNCLASSIFIED)
def test_what_fits_no_kind_stays_unclassified(line: str) -> None:
    """No kind is guessed, and words that only look like an act are none."""
    exchange = read(line)
    assert (exchange.primary_kind, exchange.further_kinds, exchange.concludes) == (None, (), ())


DIRECTION_OF_LINE = {
    "서초구 대표단 스기나미구 방문": ("from-seocho", True),
    "스기나미구 대표단 우리구 방문": ("to-seocho", True),
    "스기나미구 대표단 방한": ("to-seocho", False),
    "스기나미 대표단 서초구 방문": ("to-seocho", True),
    "서초구와 스기나미구 간 협의": ("mutual", True),
    "양 구 직원 상호교환 근무": ("mutual", True),
    "청소년 상호방문": ("mutual", True),
    "스기나미구와 화상회의 개최": ("mutual", False),
    "위로 서신 발송": ("from-seocho", False),
    "서초구, 연하장 발송": ("from-seocho", True),
    "스기나미구에 마스크 기증": ("from-seocho", False),
    "스기나미구로부터 마스크 수령": ("to-seocho", False),
    "스기나미구, 연하장 수신": ("to-seocho", False),
    "스기나미구 구청장의 서신 접수": ("to-seocho", True),
    "스기나미구 지진 위로 서한 발송": ("unstated", False),
    "스기나미구, 지진 위로 서한 발송": ("to-seocho", True),
    "서신 접수 및 답신 발송": ("mutual", False),
    "스기나미구 축구팀과 서초구 축구팀 친선경기": ("mutual", True),
    "스기나미구 하루 축제 참가 (서초구 예술단)": ("from-seocho", True),
    "서초구립합창단 스기나미구 방문": ("from-seocho", False),
    "우호도시 협정 체결": ("mutual", False),
    "서초구 방문": ("to-seocho", False),
    "우호 방문": ("unstated", False),
    "도쿄 기념관 제막식 참석": ("from-seocho", False),
    "서초구 탄생 기념식 참석": ("to-seocho", False),
}


@pytest.mark.parametrize(("line", "direction"), DIRECTION_OF_LINE.items(), ids=DIRECTION_OF_LINE)
def test_directions(line: str, direction: tuple[str, bool]) -> None:
    """A direction is stated when both ends are named, inferred otherwise, and open where nothing tells it."""
    exchange = read(line)
    assert (exchange.direction, exchange.direction_stated) == direction


HEAD_COUNTS = {
    "스기나미구 대표단(6명) 서초구 방문": [("대표단", 6, None)],
    "스기나미구 대표단 12명 서초구 방문": [("대표단", 12, None)],
    "스기나미구 구청장 등 5명 서초구 방문": [("구청장 등", 5, None)],
    "스기나미구청장 등 5명 서초구 방문": [("구청장 등", 5, None)],
    "스기나미구 대표단(15명, 단장: 부구청장) 방문": [("대표단", 15, None)],
    "스기나미구 대표단(단장: 부구청장, 7명) 방문": [("대표단", 7, None)],
    "스기나미구 대표단(총 1,200명) 방문": [("대표단", 1200, None)],
    "스기나미구 대표단(6명) 및 공연단(소림사 8명) 참여": [("대표단", 6, None), ("공연단", 8, None)],
    "스기나미구 구청장과 의장 방문": [("구청장", None, None), ("의장", None, None)],
    "서초구 바둑 대표단(3명) 방문": [("바둑 대표단", 3, None)],
    "서초구립합창단 방문": [],
    "스기나미구 범수방 시장 방문": [("시장", None, "범수방")],
    "스기나미구 국제 과장 방문": [("국제 과장", None, None)],
    "서초구 도시계획 담당 공무원 4인 방문": [("도시계획 담당 공무원", 4, None)],
    "스기나미구 대표단(약 10명) 방문": [("대표단", None, None)],
    "스기나미구 대표단(20여명) 방문": [("대표단", None, None)],
    "스기나미구 교류단(학생 20명, 인솔자 4명) 방문": [("교류단", None, None)],
}


@pytest.mark.parametrize(("line", "people"), HEAD_COUNTS.items(), ids=HEAD_COUNTS)
def test_people(line: str, people: list[tuple[str, int | None, str | None]]) -> None:
    """Who took part has a label, and a number or a name only where the line clearly gives it to them."""
    assert [(one.label, one.head_count, one.person) for one in read(line).delegations if one.label] == people


def test_council_is_not_the_district() -> None:
    """A council, an office and a government are bodies of their own; so is their member."""
    bodies = {
        line: read(line).delegations[0].whose[0].body
        for line in (
            "서초구의회 대표단 방문",
            "스기나미구 의회 의장 방문",
            "서초구의원 방문",
            "서초구청장 방문",
            "서초구 대표단 방문",
        )
    }
    assert list(bodies.values()) == ["council", "council", "council", "municipality", "municipality"]


@pytest.mark.parametrize(
    ("line", "received", "sent"),
    [
        ("스기나미구 김수방 구청장의 초청 서신 접수 및 답신 발송 (2015년2월)", ("초청 서신",), ("답신",)),
        ("스기나미구 신년 연하장 및 명소 소개도서 10권 수신(2021년 2월)", ("신년 연하장", "명소 소개도서 10권"), ()),
        ("서초구, 국제교류 활성화를 위한 국제교류 달력 및 연하장 발송 (2020년 12월)", (), ("국제교류 달력", "연하장")),
        ("코로나19 관련 스기나미구 구청장의 위로 서신 접수 (2020년2월) 및 회신 (2020년4월)", ("위로 서신",), ()),
        ("스기나미구 구청장의 위로 서신 발송 (2020년2월)", ("위로 서신",), ()),
    ],
)
def test_what_was_received_and_what_was_sent(line: str, received: tuple[str, ...], sent: tuple[str, ...]) -> None:
    """Each thing goes the way of its own verb; what answers something received is sent."""
    exchange = read(line)
    assert (exchange.received, exchange.sent) == (received, sent)
    assert set(exchange.items) == {*received, *sent}


def test_two_brackets_have_their_own_directions() -> None:
    """Each bracket of dates belongs to the words before it."""
    exchange = read("스기나미구 구청장의 서신 접수 (2020년 3월) 및 회신 (2020년 4월, 5월)")
    found = [(one.date.edtf, one.direction, one.act) for one in exchange.occurrences]
    assert found == [
        ("2020-03", "to-seocho", "스기나미구 구청장의 서신 접수"),
        ("2020-04", "from-seocho", "회신"),
        ("2020-05", "from-seocho", "회신"),
    ]
    assert exchange.direction == "mutual"


FOUNDING = Agreement("우호도시 협정", "agreement", DateSpan(PartialDate(2010, 5, 3)))


@pytest.mark.parametrize(
    ("line", "founds", "concludes"),
    [
        ("서초구-스기나미구 간 우호도시 협정 체결 (2010년 5월)", True, []),
        ("서초구-스기나미구 간 우호도시 협정 체결 (2010년)", True, []),
        ("서초구-스기나미구 간 우호도시 협정 체결 (2011년)", False, ["우호도시 협정"]),
        ("서초구-스기나미구 간 문화 MOU 체결 (2010년 5월)", False, ["문화 MOU"]),
        ("서초구 대표단 우호도시 협정 체결차 방문 (2010년 5월)", False, []),
        ("우호도시 협정 체결을 위한 서초구 대표단 방문 (2010년 5월)", False, []),
        ("우호도시 협정 체결 5주년 기념 방문 (2010년 5월)", False, []),
        ("우호도시 협정 체결 추진 (2010년 5월)", False, []),
    ],
)
def test_documents(line: str, *, founds: bool, concludes: list[str]) -> None:
    """A signing that fits the agreement of the section is that agreement; a purpose or a plan concludes nothing."""
    exchange = read(line, founding=FOUNDING)
    assert exchange.concludes_founding == founds
    assert [document.title for document in exchange.concludes] == concludes


def test_purpose_is_no_second_act() -> None:
    """What an exchange was for is told apart from what was done."""
    exchange = read("서초구 대표단 우호도시 협정 체결차 스기나미구 방문 (2010년 4월)", founding=FOUNDING)
    assert (exchange.primary_kind, exchange.further_kinds) == ("visit", ())
    assert (exchange.purpose, exchange.intended_instrument) == ("우호도시 협정 체결", "agreement")
    assert not exchange.intends_founding


# -- properties --------------------------------------------------------------------------------------------------

CITIES = [
    SUGINAMI,
    ("중국", "하남성", "학벽시"),
    ("미국", "캘리포니아주", "어바인시"),
    ("몽골", "수흐바타르구"),
    ("호주", "퍼스시"),
]
months = st.builds(PartialDate, st.integers(1980, 2030), st.integers(1, 12))
dates = st.lists(months.map(DateSpan), unique=True, max_size=4).map(sorted)
SENT = {"letter", "greeting-card", "information-material", "aid", "gift"}


@st.composite
def typed_exchanges(draw: st.DrawFn) -> tuple[City, Exchange]:
    """Draw a city, and an exchange that has values and no words."""
    city = City(path=draw(st.sampled_from(CITIES)), heading="", title="")
    direction = draw(st.sampled_from(["to-seocho", "from-seocho", "mutual"]))
    one_way = [kind for kind in KIND_NAMES if kind != "signing" or direction == "mutual"]
    kind = draw(st.sampled_from(one_way))
    own = {"to-seocho": (Party(city.path),), "from-seocho": (Party(HOME),), "mutual": (Party(HOME), Party(city.path))}
    people = draw(
        st.lists(
            st.builds(
                Delegation,
                st.just(own[direction]),
                st.sampled_from(["대표단", "방문단", "의원", "청소년 대표단"]),
                st.none() | st.integers(1, 500),
            ),
            max_size=1 if direction == "mutual" else 2,
        )
    )
    occurrences = tuple(Occurrence(date, direction, direction_stated=True) for date in draw(dates))
    exchange = Exchange(
        "",
        occurrences,
        kind,
        direction=direction,
        direction_stated=True,
        status=draw(st.sampled_from(["held", "planned", "postponed", "cancelled"])),
        delegations=() if kind in SENT else tuple(people),
    )
    return city, exchange


@given(typed_exchanges())
def test_an_exchange_is_read_as_it_was_composed(drawn: tuple[City, Exchange]) -> None:
    """What is composed from values alone reads as the same kind, direction, people and dates."""
    city, exchange = drawn
    line = compose_exchange(exchange, city)
    found = read(line, city.path)
    assert found.primary_kind == exchange.primary_kind, line
    assert found.direction == exchange.direction, line
    assert found.status == exchange.status, line
    assert [one.date for one in found.occurrences] == [one.date for one in exchange.occurrences], line
    people = [(one.label, one.head_count) for one in found.delegations if one.label]
    assert people == [(one.label, one.head_count) for one in exchange.delegations], line


words = st.sampled_from(
    [
        "서초구",
        "스기나미구",
        "스기나미",
        "대표단",
        "방문",
        "체결",
        "협정",
        "의향서",
        "간",
        "및",
        ",",
        "-",
        "와",
        "에",
        "의",
        "차",
        "양 구",
        "양 도시",
        "(6명)",
        "(2014년 3월, 9월)",
        "축하",
        "서신",
        "접수",
        "발송",
        "회신",
        "24주년",
        "탄생",
        "구청장",
        "등 5명",
        "축제",
        "참가",
        "도쿄도",
        "일본",
        "상호",
        "(2019.5.3.)",
        "기념",
        "(",
        ")",
        "명",
        "(2021년 상반기)",
    ]
)


@given(st.lists(words | st.text(max_size=3), max_size=12).map(lambda parts: " ".join(parts).strip()))
def test_any_line_keeps_its_words(line: str) -> None:
    """Whatever a line says, its words outside the brackets of dates are its description, and places lie within it."""
    exchange = read(line)
    assert len(exchange.description) <= len(line)
    assert all(character in line for character in exchange.description)
    places = [*exchange.places.values(), *(place for one in exchange.delegations for place in one.places.values())]
    assert all(1 <= place.start <= place.end <= len(line) + 1 for place in places)
