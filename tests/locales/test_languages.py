import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kg.domain import Settings
from kg.locales.edtf import as_datetime, in_words
from kg.locales.labels import Label, choose_label
from kg.locales.language import CHINESE, ENGLISH, KOREAN, LANGUAGES, Language
from kg.web.app import create_app
from kg.web.http.negotiation import negotiate_language

DAYS = st.dates(date(1000, 1, 1), date(9988, 1, 1))


@pytest.mark.parametrize(("asked", "header", "code"), [("en", "ko", "en"), ("zh", None, "zh"), ("", "zh-CN", "zh"),
    ("klingon", "fr, en;q=0.1", "en"), (None, "fr", "ko"), (None, None, "ko")])  # fmt: skip
def test_the_address_decides_before_the_browser(asked: str | None, header: str | None, code: str) -> None:
    """``?lang=`` wins where it names a language of ours; then Accept-Language; then Korean."""
    assert negotiate_language(asked, header).code == code


@pytest.mark.parametrize(("edtf", "korean", "english", "chinese"), [
    ("1998-08-03", "1998년 8월 3일", "August 3, 1998", "1998年8月3日"),
    ("2016-11", "2016년 11월", "November 2016", "2016年11月"),
    ("2012", "2012년", "2012", "2012年"),
    ("2012~", "2012년경", "around 2012", "约2012年"),
    ("2014-05/2014-07", "2014년 5월 ~ 7월", "May\u2009–\u2009July 2014", "2014年5月至7月"),
    ("2014-12/2015-01-05", "2014년 12월~2015년 1월 5일", "December 2014 – January 5, 2015", "2014年12月至2015年1月5日"),
    ("2012/..", "2012년부터", "since 2012", "2012年起"),
    ("../2012", "2012년까지", "until 2012", "截至2012年"),
])  # fmt: skip
def test_dates_as_each_language_writes_them(edtf: str, korean: str, english: str, chinese: str) -> None:
    """To the day, the month or the year; between, since and until."""
    assert [in_words(edtf, language) for language in (KOREAN, ENGLISH, CHINESE)] == [korean, english, chinese]


@given(DAYS, st.integers(0, 4000), st.sampled_from([4, 7, 10]), st.sampled_from(LANGUAGES))
def test_every_date_and_interval_is_written(start: date, days: int, length: int, language: Language) -> None:
    """The years that an EDTF date names stand in the words, and the words are no EDTF."""
    first, last = start.isoformat()[:length], (start + timedelta(days)).isoformat()[:length]
    assert first[:4].lstrip("0") in in_words(first, language)
    assert last[:4] in in_words(f"{first}/{last}", language)
    assert as_datetime(first) == first
    assert as_datetime(f"{first}/{last}") is None


@given(st.text(max_size=12).filter(lambda text: not re.search(r"\d{4}", text)), st.sampled_from(LANGUAGES))
def test_what_is_no_date_stays_as_it_is(text: str, language: Language) -> None:
    """A text that is no EDTF comes back."""
    assert in_words(text, language) == text


@pytest.mark.parametrize("text", ["2014-13", "2014-02-30", "2014-1", "..", "/", "2014-05-1/2014"])
def test_what_looks_like_a_date_and_is_none_stays_too(text: str) -> None:
    """No month 13, no 30 February."""
    assert in_words(text, ENGLISH) == text


def test_a_count_chooses_the_plural() -> None:
    """English has two forms, Korean and Chinese one."""
    assert "1 test passed" in ENGLISH.translate("conformance.what", count=1, passed=1)
    assert "2 of 1,306 tests" in ENGLISH.translate("conformance.what", count=1306, passed=2)
    assert "1,306건" in KOREAN.translate("conformance.what", count=1306, passed=2)


def test_a_value_that_is_markup_stays_so() -> None:
    """The message around it is escaped, and so is a value that is none."""
    bold = Markup("<b>1</b>")
    assert ENGLISH.translate("date.between", start=bold, end="<2>") == Markup("<b>1</b> – &lt;2&gt;")
    assert ENGLISH.listed([bold, "<2>"]) == Markup("<b>1</b> and &lt;2&gt;")
    assert ENGLISH.translate("date.until", date="<1>") == "until <1>"


def test_a_message_that_nobody_wrote_is_an_error() -> None:
    """A key that is not there does not pass for its message."""
    with pytest.raises(KeyError):
        KOREAN.translate("no.such.key")


NAMES = [("ko", "훙커우구"), ("en", "Hongkou District"), ("zh-hans", "虹口区"), ("zh-latn-pinyin", "Hóngkǒu Qū")]


@pytest.mark.parametrize(("language", "without", "label"), [
    (KOREAN, "", Label("훙커우구", "ko")),
    (ENGLISH, "", Label("Hongkou District", "en")),
    (ENGLISH, "en", Label("Hóngkǒu Qū", "zh-Latn-pinyin")),
    (CHINESE, "", Label("虹口区", "zh-Hans")),
    (CHINESE, "zh-hans", Label("Hóngkǒu Qū", "zh-Latn-pinyin")),
    (KOREAN, "ko", Label("Hongkou District", "en")),
])  # fmt: skip
def test_labels_fall_back_in_order(language: Language, without: str, label: Label) -> None:
    """The language of the page, then the declared others; the tag says which it became."""
    assert language.label([name for name in NAMES if name[0] != without]) == label


def test_nothing_to_choose_from_is_no_label() -> None:
    """No name, no label."""
    assert choose_label([], ("ko",)) is None


def test_a_chinese_page_gives_reasons_and_errors_in_chinese(built_store: Path, home: Path) -> None:
    """Why a text is doubtful, what is wrong with a request, and how to correct it."""
    html = {"Accept": "text/html"}
    with create_app(Settings(home=home, store=built_store)).test_client() as client:
        assert "未写明该数值的统计时点。" in client.get("/quality?lang=zh", headers=html).text
        refused = client.get("/nothing?lang=zh", headers=html).text
        assert "/nothing 处没有内容。" in refused
        assert "请检查地址。" in refused
        problem = client.get("/nothing", headers={"Accept-Language": "zh-CN", "Accept": "application/json"})
        assert problem.get_json(force=True)["detail"] == "/nothing 处没有内容。"
        assert problem.headers["Content-Language"] == "zh"
