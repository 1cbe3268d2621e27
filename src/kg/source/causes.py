"""Why a line or a date cannot be read, by the name of the cause."""

from __future__ import annotations

from collections.abc import Mapping

from kg.domain import Message

# fmt: off
CAUSES: Mapping[str, Message] = {
    name: Message(ko=ko, en=en)
    for name, ko, en in (
        ("stray-line", "제목도 항목도 아닌 줄입니다.", "This line is neither a heading nor an item."),
        ("no-section", "어느 도시의 항목인지 알 수 없는 줄입니다.", "This line belongs to no city."),
        ("no-bullet", "글머리표가 없어 어디에 속하는지 알 수 없는 줄입니다.",
         "A line without a bullet: it is not clear what it belongs to."),
        ("line-too-long", "너무 긴 줄입니다.", "This line is too long to be one of the page."),
        ("unknown-label", "이름을 알 수 없는 항목입니다.", "This item has a label that is not known."),
        ("no-value", "내용이 없는 항목입니다.", "This item is empty."),
        ("item-twice", "같은 항목이 두 번 있습니다.", "This item was given before."),
        ("note-without-exchange", "이 주석 위에 교류가 없습니다.", "There is no exchange above this note."),
        ("no-figure", "수치와 단위로 읽을 수 없습니다.", "This cannot be read as a figure with its unit."),
        ("no-unit-list", "종류와 수의 목록으로 읽을 수 없습니다.", "This cannot be read as a list of counted units."),
        ("no-web-address", "누리집 주소로 읽을 수 없습니다.", "This cannot be read as a web address."),
        ("not-one-date", "날짜 하나로 읽을 수 없습니다.", "This cannot be read as one date."),
        ("no-date", "날짜로 읽을 수 없습니다.", "This cannot be read as a date."),
        ("date-incomplete", "연도나 월이 없는 날짜입니다.", "The date lacks its year or month."),
        ("not-in-calendar", "달력에 없는 날짜입니다.", "There is no such date in the calendar."),
        ("range-reversed", "끝나는 날이 시작하는 날보다 앞섭니다.", "The range ends before it begins."),
        ("unread-behind-date", "날짜 뒤에 읽을 수 없는 글이 있습니다.", "What follows the date cannot be read."),
    )
}
# fmt: on
"""The causes, in the order of the grammar: lines, values, dates."""
