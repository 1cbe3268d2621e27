"""The timeline: what happened when, each occurrence as wide as its date is uncertain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from kg.web.pages.drawing.svg import Picture, Table, TextCell, drawing, element, link, width_of

_WIDTH = 960.0
_LEFT = 96.0
_MOST_LEFT = 200.0
_BESIDE = 20.0
_RIGHT = 16.0
_TRACK = 34.0
_TOP = 8.0
_AXIS = 30.0
_MARK = 12.0
_TEXT = 14.0
_LEAST_BETWEEN_YEARS = 44.0


@dataclass(frozen=True)
class TimelineMark:
    """One occurrence: its track, its outer bounds, its date in words, the event, and its link."""

    track: str
    start: date
    end: date
    when: str
    what: str
    address: str


@dataclass(frozen=True)
class TimelineTexts:
    """The words of a timeline, in the reader's language."""

    title: str
    description: str
    when: str
    track: str
    what: str


def draw_timeline(marks: Sequence[TimelineMark], tracks: Sequence[str], texts: TimelineTexts) -> Picture:
    """Draw occurrences in tracks, from the first year to the last."""
    first = min((mark.start.year for mark in marks), default=1997)
    last = max((mark.end.year for mark in marks), default=first)
    left = _left(tracks)
    scale = (_WIDTH - left - _RIGHT) / (last + 1 - first)
    height = _TOP + _TRACK * len(tracks) + _AXIS
    children = [
        *_years(range(first, last + 2), scale, (left, height)),
        *_tracks(tracks, left),
        *(_mark(mark, _place(mark, first, scale, tracks)) for mark in marks),
    ]
    rows = tuple((TextCell(mark.when), TextCell(mark.track), TextCell(mark.what, mark.address)) for mark in marks)
    svg = drawing("timeline", (_WIDTH, height), (texts.title, texts.description), children)
    return Picture(svg, texts.title, Table((texts.when, texts.track, texts.what), rows))


def _left(tracks: Sequence[str]) -> float:
    """Return the width of the longest track name, within bounds."""
    longest = max((width_of(track, _TEXT) for track in tracks), default=0.0)
    return min(max(_LEFT, longest + _BESIDE), _MOST_LEFT)


def _years(years: range, scale: float, corner: tuple[float, float]) -> Iterator[ET.Element]:
    left, height = corner
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if step * scale >= _LEAST_BETWEEN_YEARS)
    for year in years:
        x = left + (year - years[0]) * scale
        is_named = year % step == 0 and year != years[-1]
        top, bottom = _TOP, height - _AXIS + (6 if is_named else 0)
        yield element("line", class_="year" if is_named else "year minor", x1=x, x2=x, y1=top, y2=bottom)
        if is_named:
            yield element("text", str(year), class_="axis", x=x + 2, y=height - 8)


def _tracks(tracks: Sequence[str], left: float) -> Iterator[ET.Element]:
    for number, track in enumerate(tracks):
        y = _TOP + _TRACK * number
        yield element("line", class_="track", x1=left, x2=_WIDTH - _RIGHT, y1=y + _TRACK, y2=y + _TRACK)
        size = min(_TEXT, _TEXT * (left - _BESIDE) / max(width_of(track, _TEXT), 1))
        middle = y + _TRACK / 2 + size / 3
        yield element("text", track, class_="name", x=left - 8, y=middle, text_anchor="end", font_size=size)


def _place(mark: TimelineMark, first: int, scale: float, tracks: Sequence[str]) -> tuple[float, float, float]:
    """Return where a mark begins and how wide it is, never narrower than a dot, and the middle of its track."""
    begin = _left(tracks) + (_years_of(mark.start) - first) * scale
    width = max((_years_of(mark.end) + 1 / 366 - _years_of(mark.start)) * scale, _MARK)
    middle = _TOP + _TRACK * (tracks.index(mark.track) + 0.5)
    return min(begin, _WIDTH - _RIGHT - width), width, middle


def _mark(mark: TimelineMark, place: tuple[float, float, float]) -> ET.Element:
    x, width, y = place
    shape = element(
        "rect",
        element("title", f"{mark.when}: {mark.what}"),
        class_="mark" if width == _MARK else "mark wide",
        x=x,
        y=y - _MARK / 2,
        width=width,
        height=_MARK,
        rx=_MARK / 2,
    )
    return link(mark.address, shape)


def _years_of(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366
