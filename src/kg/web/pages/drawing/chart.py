"""The bar chart: a number for each name, in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from kg.web.pages.drawing.svg import Picture, Table, TextCell, drawing, element, link, width_of

_WIDTH = 960.0
_HEIGHT = 240.0
_BOTTOM = 28.0
_TOP = 22.0
_TEXT = 14.0
_GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """A name, its number, and where it leads or nowhere."""

    name: str
    value: int
    address: str


@dataclass(frozen=True)
class ChartTexts:
    """The words of a chart, in the reader's language."""

    title: str
    description: str
    name: str
    value: str


def draw_bars(bars: Sequence[Bar], texts: ChartTexts) -> Picture:
    """Draw upright bars, each with its number above; names are left out where there is no room for all."""
    step = _WIDTH / max(len(bars), 1)
    most = max((bar.value for bar in bars), default=1) or 1
    widest = max((width_of(bar.name, _TEXT) for bar in bars), default=0.0)
    every = max(1, -int(-(widest + 4) // step))
    children = [
        element("line", class_="base", x1=0, x2=_WIDTH, y1=_HEIGHT - _BOTTOM, y2=_HEIGHT - _BOTTOM),
        *(_bar(bar, number, step, most, is_named=number % every == 0) for number, bar in enumerate(bars)),
    ]
    rows = tuple((TextCell(bar.name, bar.address), TextCell(str(bar.value))) for bar in bars)
    svg = drawing("bars", (_WIDTH, _HEIGHT), (texts.title, texts.description), children)
    return Picture(svg, texts.title, Table((texts.name, texts.value), rows))


def _bar(bar: Bar, number: int, step: float, most: int, *, is_named: bool) -> ET.Element:
    height = (_HEIGHT - _TOP - _BOTTOM) * bar.value / most
    left, top = number * step, _HEIGHT - _BOTTOM - height
    middle = left + step / 2
    parts = [
        element("title", f"{bar.name}: {bar.value}"),
        element("rect", class_="bar", x=left + step * _GAP / 2, y=top, width=step * (1 - _GAP), height=height),
        element("text", str(bar.value), class_="value", x=middle, y=top - 5, text_anchor="middle")
        if bar.value
        else None,
        element("text", bar.name, class_="axis", x=middle, y=_HEIGHT - 8, text_anchor="middle") if is_named else None,
    ]
    return link(bar.address, *parts)
