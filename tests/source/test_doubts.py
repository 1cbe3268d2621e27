"""Doubts: each rule is seen to fire on a page of its own, and all are silent on a sound page."""

import re

import pytest

from kg.domain.model import Doubt, Passage
from kg.locales import Message, read_catalogue
from kg.source.findings.rules import SEVERITIES, Finding, doubt_of
from kg.source.reader import read_page

SOUND = """중국

중국 산동성 위해시

중국 산동성 위해시
  • 결 연 일 : 2010년 5월 3일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정 (체결장소 : 위해시)
  • 결연배경 : 위해시의 제안에 따른 우호교류 추진
  • 일반현황
    • 면 적 : 5,797㎢
    • 인 구 : 약 280만명(2019년 상주인구 기준)
    • 행정구역 : 2개 구(환취구, 문등구), 2개 현급시(영성시, 유산시)
    • 행정기구 : 시장1, 부시장6, 30국
  • 지역특성
    • 산동반도 동쪽 끝에 위치합니다.
  • 주요교류내용
    • 서초구-위해시 간 우호도시 협정 체결 (2010년 5월 3일)
    • 위해시 대표단(6명) 서초구 방문 (2012년 7월)
  • 홈페이지 : http://www.weihai.gov.cn

중국 상해시 홍구구

중국 상해시 홍구구
  • 결 연 일 : 1999년 10월 21일
  • 결연명칭 : 서초구 - 홍구구 우호교류 비망록 (체결장소 : 홍구구)
  • 일반현황
    • 면 적 : 23㎢
    • 인 구 : 약 71만명(2019년 상주인구 기준)
    • 행정구역 : 8개 가도
    • 행정기구 : 구장1, 부구장5, 8주민센터
  • 지역특성
    • 상해시의 번화가입니다.
  • 주요교류내용
    • 서초구-홍구구 간 우호교류 비망록 조인 (1999년 10월 21일)
    • 서초구 대표단 홍구구 방문 (2013년 9월)
  • 홈페이지 : http://www.shhk.gov.cn/shhk/

이 페이지에서 제공하는 정보에 대하여 만족하십니까?

  • 자료관리부서 행정지원과
  • 최종수정일 2024-08-08
"""
VISIT = "    • 위해시 대표단(6명) 서초구 방문 (2012년 7월)"
FEATURE = "    • 산동반도 동쪽 끝에 위치합니다."
BACKGROUND = "위해시의 제안에 따른 우호교류 추진"
DIVISIONS = "2개 구(환취구, 문등구), 2개 현급시(영성시, 유산시)"
ORGANS = "시장1, 부시장6, 30국"
TITLE = "서초구 - 위해시 우호도시 협정 (체결장소 : 위해시)"


def line(text: str) -> tuple[str, str]:
    """Put another exchange line in place of the visit."""
    return VISIT, f"    • {text}"


def feature(text: str) -> tuple[str, str]:
    """Put another characteristic in place of the one there is."""
    return FEATURE, f"    • {text}"


SIGNING = "    • 서초구-위해시 간 우호도시 협정 체결 (2010년 5월 3일)\n"
CASES: dict[str, tuple[tuple[str, str], str]] = {
    "unread-line": (("  • 홈페이지 : http://www.weihai.gov.cn", "  • 특산품 : 해산물"), "특산품 : 해산물"),
    "unread-date": (line("위해시 대표단 서초구 방문 (2021년 5월 미상)"), "미상"),
    "city-twice": (("중국 상해시 홍구구", "중국 산동성 위해시"), "중국 산동성 위해시"),
    "no-city": ((SOUND, ""), ""),
    "exchange-label-missing": (
        ("  • 주요교류내용\n    • 서초구-위해시", "    • 서초구-위해시"),
        "서초구-위해시 간 우호도시 협정 체결 (2010년 5월 3일)",
    ),
    "heading-differs": (("중국 상해시 홍구구\n  •", "중국 상해시 홍구구 인민정부\n  •"), "중국 상해시 홍구구 인민정부"),
    "province-missing": (("중국 상해시 홍구구", "중국 청도시 노산구"), "중국 청도시 노산구"),
    "country-unknown": (("중국 상해시 홍구구", "북극 상해시 홍구구"), "북극 상해시 홍구구"),
    "page-undated": (("  • 최종수정일 2024-08-08\n", ""), "중국"),
    "field-missing": (("  • 홈페이지 : http://www.shhk.gov.cn/shhk/\n", ""), "중국 상해시 홍구구"),
    "agreement-undated": (("  • 결 연 일 : 2010년 5월 3일\n", ""), "중국 산동성 위해시"),
    "agreement-imprecise": (("결 연 일 : 2010년 5월 3일", "결 연 일 : 2010년 5월"), "2010년 5월"),
    "no-signing-line": ((SIGNING, ""), "2010년 5월 3일"),
    "signing-only-intended": (
        (SIGNING, "    • 서초구 대표단 우호도시 협정 체결차 위해시 방문 (2010년 5월 3일)\n"),
        "2010년 5월 3일",
    ),
    "instrument-unknown": (("우호도시 협정 (", "우호도시 증서 ("), "서초구 - 위해시 우호도시 증서"),
    "instrument-differs": (line("서초구 대표단 우호도시 의향서 체결차 방문 (2010년 5월 3일)"), "우호도시 의향서 체결"),
    "agreement-date-differs": (line("서초구-위해시 간 우호도시 협정 체결 (2011년 5월)"), "2011년 5월"),
    "agreement-place-differs": (("(2010년 5월 3일)", "(2010.05.03/한국 서초구)"), "한국 서초구"),
    "founded-on-intent": (("우호도시 협정 (", "우호도시 의향서 ("), "서초구 - 위해시 우호도시 의향서"),
    "title-names-act": (("우호도시 협정 (", "우호도시 협정 체결 ("), "서초구 - 위해시 우호도시 협정 체결"),
    "sister-or-friendship": ((BACKGROUND, "자매결연 체결 제안"), "자매결연"),
    "further-party": (("- 위해시 우호", "- 위해시 및 공업원 우호"), "및 공업원"),
    "title-words-unread": (("(체결장소 : 위해시)", "(체결장소 : 위해시) (2024년 갱신)"), "(2024년 갱신)"),
    "misplaced-comma": (("5,797㎢", "57,97㎢"), "57,97"),
    "figure-implausible": (("5,797㎢", "5.797㎢"), "5.797"),
    "figure-without-year": (("280만명(2019년 상주인구 기준)", "280만명(상주인구 기준)"), "약 280만명(상주인구 기준)"),
    "figure-without-basis": (("280만명(2019년 상주인구 기준)", "280만명(2019년 기준)"), "약 280만명(2019년 기준)"),
    "basis-differs": (("71만명(2019년 상주인구", "71만명(2019년 호적인구"), "2019년 호적인구 기준"),
    "figure-old": (("71만명(2019년", "71만명(2014년"), "2014년"),
    "unit-counted-twice": ((DIVISIONS, "2개 구(환취구, 문등구), 2개 현급시(문등시, 유산시)"), "문등시, 유산시"),
    "units-unnamed": ((DIVISIONS, "2개 구(환취구, 문등구), 2개 현급시"), "2개 현급시"),
    "count-differs-from-names": ((DIVISIONS, "3개 구(환취구, 문등구)"), "3개 구(환취구, 문등구)"),
    "unit-unknown": ((ORGANS, "시장1, 30과"), "30과"),
    "zone-among-units": ((ORGANS, "시장1, 1개발구"), "1개발구"),
    "lost-syllable": ((ORGANS, "장1, 부시장6"), "장1"),
    "unit-maybe-included": ((ORGANS, "시장1, 상무부시장1, 부시장6"), "부시장6"),
    "order-of-count": ((ORGANS, "1시장, 30국"), "1시장"),
    "literal-translation": ((ORGANS, "시장1, 5중심"), "5중심"),
    "centers-differ-from-divisions": (("8주민센터", "6주민센터"), "6주민센터"),
    "homepage-deep": (("gov.cn/shhk/", "gov.cn/shhk/index.html"), "http://www.shhk.gov.cn/shhk/index.html"),
    "unclassified": (line("위해시와 서초구 간 협의 (2012년 7월)"), "위해시와 서초구 간 협의 (2012년 7월)"),
    "undated": (line("위해시 대표단 서초구 방문"), "위해시 대표단 서초구 방문"),
    "date-outside-brackets": (line("위해시 대표단 2012년 7월 중에 서초구 방문"), "2012년 7월"),
    "year-assumed": (line("위해시 대표단 서초구 방문 (2012년 12월, 1월)"), "1월"),
    "date-approximate": (line("위해시 대표단 서초구 방문 (2012년 7월 말)"), "2012년 7월 말"),
    "date-year-only": (line("위해시 대표단 서초구 방문 (2012년)"), "2012년"),
    "date-form-differs": (line("위해시 대표단 서초구 방문 (2012.7.)"), "2012.7."),
    "head-count-unread": (line("위해시 대표단(20여명) 서초구 방문 (2012년 7월)"), "20여명"),
    "direction-unstated": (line("우호 방문 (2012년 7월)"), "우호 방문 (2012년 7월)"),
    "direction-inferred": (line("위로 서신 발송 (2012년 7월)"), "위로 서신 발송 (2012년 7월)"),
    "contradictory-direction": (line("위해시, 연하장 수신 (2012년 7월)"), "위해시, 연하장 수신 (2012년 7월)"),
    "not-held": (line("위해시 대표단 서초구 방문 취소 (2012년 7월)"), "취소"),
    "agreement-of-others": (
        line("서초구 상공회와 위해시 상공회 업무협약 체결 (2012년 7월)"),
        "서초구 상공회와 위해시 상공회 업무협약 체결 (2012년 7월)",
    ),
    "acts-and-dates": (
        line("양 도시 의향서 교환 및 상호방문 (2012년 7월, 2013년 7월)"),
        "양 도시 의향서 교환 및 상호방문 (2012년 7월, 2013년 7월)",
    ),
    "coarser-than-agreement": (("체결 (2010년 5월 3일)", "체결 (2010년 5월)"), "2010년 5월"),
    "after-last-modified": (line("위해시 대표단 서초구 방문 (2025년 7월)"), "2025년 7월"),
    "same-day-as-agreement": (line("위해시 대표단 서초구 방문 (2012년 5월 3일)"), "2012년 5월 3일"),
    "commemorated-off-season": (line("위해시 대표단 우호협정 기념 서초구 방문 (2012년 7월)"), "2012년 7월"),
    "anniversary-differs": (line("위해시 서초구 탄생 25주년 축하 (2012년 7월)"), "25주년"),
    "other-city": (line("중국 산동성 연태시 대표단 서초구 방문 (2012년 7월)"), "대표단"),
    "listed-twice": (("(2010년 5월 3일)\n    • 위해시", f"(2010년 5월 3일)\n{VISIT}\n    • 위해시"), "2012년 7월"),
    "out-of-order": (line("위해시 대표단 서초구 방문 (2009년 7월)"), "2009년 7월"),
    "occasion-spelled-differently": (
        (VISIT, "    • 위해시 대표단 국제꽃 축제 참석 (2012년 7월)\n    • 위해시 대표단 국제 꽃축제 참석 (2013년 7월)"),
        "위해시 대표단 국제 꽃축제 참석 (2013년 7월)",
    ),
    "two-offices": (
        (VISIT, "    • 위해시 범수방 시장 서초구 방문 (2012년 7월)\n    • 위해시 범수방 서기 서초구 방문 (2013년 7월)"),
        "범수방",
    ),
    "particle-wrong": (feature("물류 중심지로써 발달했습니다."), "로써"),
    "full-stop-missing": (feature("산동반도 동쪽 끝에 위치합니다"), "니다"),
    "word-doubled": (feature("전자전자제품을 만듭니다."), "전자전자"),
    "tautology": (feature("꽃 페스티벌 축제가 있습니다."), "페스티벌 축제"),
    "double-passive": (feature("작은 서울로 불리우고 있습니다."), "불리우"),
    "particle-missing": (feature("바다를 끼고 관광산업 유망합니다."), "산업 "),
    "particle-behind-bracket": (feature("광천절(광천수 행사)가 있습니다."), "가"),
    "word-missing": (line("위해시 서초구 탄생 구민의 날 기념행사 축하 (2012년 7월)"), "탄생 구민의 날 기념행사"),
    "maybe-not-done": (line("위해시 대표단 서초구 방문 노력 (2012년 7월)"), "노력"),
    "open-list": (line("위해시 대표단 서초구 방문 등 (2012년 7월)"), "등"),
    "han-prefix": ((BACKGROUND, "前구청장의 제안"), "前"),
    "han-without-reading": (feature("北辛문화가 있습니다."), "北辛"),
    "han-forms-mixed": (feature("장백현(長白县)이 있습니다."), "長白县"),
    "unclear-office": ((BACKGROUND, "전 서초구의장의 제안"), "구의장"),
    "no-break-space": (line("위해시\u00a0대표단 서초구 방문 (2012년 7월)"), "\u00a0"),
    "blank-missing": (line("서초구,연하장 발송 (2012년 7월)"), ","),
    "blank-too-many": (line("위해시 대표단 서초구 방문 (2012년 7월 )"), " "),
    "written-solid": (
        (VISIT, f"{VISIT}\n    • 위해시대표단 서초구 방문 (2013년 7월)\n    • 위해시 대표단 서초구 방문 (2014년 7월)"),
        "위해시대표단",
    ),
    "visit-to-country": (line("위해시 대표단 방한 (2012년 7월)"), "방한"),
    "both-cities-of-a-district": (("서초구 대표단 홍구구 방문", "양도시 대표단 상호방문"), "양도시"),
    "middle-dots-differ": (feature("공업ㆍ과학, 초ㆍ중등, 정치·경제가 발달했습니다."), "·"),
    "name-spelled-differently": (feature("산둥반도와 산동성에 있습니다."), "산둥"),
}  # fmt: skip


def doubts(text: str) -> list[Doubt]:
    """Read a page and return what is doubted about it."""
    return list(read_page(text, "page").doubts)


def test_sound_page_raises_no_doubt() -> None:
    """Every rule is silent on a sound page."""
    assert doubts(SOUND) == []


@pytest.mark.parametrize("rule", SEVERITIES)
def test_each_rule_fires(rule: str) -> None:
    """Each rule is seen at the text it is about, with its severity and reasons without gaps."""
    (old, new), printed = CASES[rule]
    text = SOUND.replace(old, new)
    assert text != SOUND
    found = [doubt for doubt in doubts(text) if doubt.rule == rule]
    assert [doubt.printed for doubt in found if doubt.printed == printed][:1] == [printed], found
    texts = text.split("\n")
    for doubt in found:
        assert texts[doubt.place.line - 1][doubt.place.start - 1 : doubt.place.end - 1] == doubt.printed
        assert doubt.severity == SEVERITIES[rule]
        assert not re.search(r"[{}]", str(doubt.reason.texts()))


def test_cases_are_the_rules() -> None:
    """Every rule has its case, and no case is without a rule."""
    assert list(CASES) == list(SEVERITIES)


@pytest.mark.parametrize("rule", SEVERITIES)
def test_a_rule_has_a_severity(rule: str) -> None:
    """It is one of three."""
    assert SEVERITIES[rule] in {"error", "warning", "note"}


@pytest.mark.parametrize("cause", [key for key in read_catalogue("ko") if key.startswith("cause.")])
def test_a_cause_is_the_reason_of_what_cannot_be_read(cause: str) -> None:
    """In every language."""
    message = Message(cause)
    doubt = doubt_of(Finding("unread-line", Passage(1, 1, 2), parameters={"cause": message}), ["가"])
    assert doubt.reason.texts() == message.texts()
    assert doubt.printed == "가"


def test_reason_takes_its_particles_from_its_words() -> None:
    """What a reason names has the particle that fits it."""
    reason = Message("finding.unit-counted-twice", one="강원구", other="강원현")
    assert reason.in_language("ko") == "‘강원구’와 ‘강원현’은 같은 곳으로 보입니다."
