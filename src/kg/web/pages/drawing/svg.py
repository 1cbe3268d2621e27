"""SVG put together from elements, so that every text is escaped; a picture and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_NAMESPACE = "http://www.w3.org/2000/svg"
_WIDE = 0x1100

Attribute = str | float


@dataclass(frozen=True)
class Table:
    """What a picture shows, as a table: the heads of its columns, and its rows; a cell may lead somewhere."""

    heads: tuple[str, ...]
    rows: tuple[tuple[TextCell, ...], ...]


@dataclass(frozen=True)
class TextCell:
    """A text, and where it leads or nowhere."""

    text: str
    address: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture as markup, its title, and the table behind it."""

    svg: str
    title: str
    table: Table


def element(tag: str, /, *children: ET.Element | str | None, **attributes: Attribute) -> ET.Element:
    """Return an element; ``class_`` is ``class``, other underscores are hyphens, numbers are rounded.

    >>> ET.tostring(element("text", "<b>", class_="name", text_anchor="end", x=1 / 3))
    b'<text class="name" text-anchor="end" x="0.33">&lt;b&gt;</text>'
    """
    made = ET.Element(tag, {name.rstrip("_").replace("_", "-"): _text(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            made.text = child
        elif child is not None:
            made.append(child)
    return made


def link(address: str, *children: ET.Element | None) -> ET.Element:
    """Return a link around elements; without an address, a group of them."""
    return element("a", *children, href=address) if address else element("g", *children)


def drawing(name: str, size: tuple[float, float], texts: tuple[str, str], children: Sequence[ET.Element]) -> str:
    """Return the markup of a picture; ``name`` sets it apart on its page, ``texts`` are its title and description."""
    width, height = size
    title, description = texts
    root = element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *children,
        xmlns=_NAMESPACE,
        viewBox=f"0 0 {_text(width)} {_text(height)}",
        role="group",
        class_=f"picture {name}",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )
    return ET.tostring(root, encoding="unicode")


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is: a letter of East Asia is a square, another one half of it and a little.

    >>> width_of("홍구구", 10.0), width_of("Hebi", 10.0)
    (30.0, 23.2)
    """
    return sum(size if ord(letter) >= _WIDE else size * 0.58 for letter in text)


def _text(value: Attribute) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
