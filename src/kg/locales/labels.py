"""Labels: which of several names is shown, and in which language it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A text and the tag of its language; the tag is empty for a text of none."""

    text: str
    tag: str

    def __str__(self) -> str:
        """Return the text alone."""
        return self.text


def choose_label(labels: Iterable[tuple[str, str]], order: tuple[str, ...]) -> Label | None:
    """Return the text whose tag comes first in an order, a text without a tag before one that the order lacks.

    A tag in the order stands for what is more precise too: ``zh`` for ``zh-Hans``. Tags know no case.

    >>> choose_label([("ko", "훙커우구"), ("zh-hans", "虹口区")], ("zh-Hans", "en"))
    Label(text='虹口区', tag='zh-Hans')
    >>> choose_label([("ko", "훙커우구"), ("", "310109")], ("en",))
    Label(text='310109', tag='')
    """
    found = [Label(text, _written(tag)) for tag, text in labels]
    return min(found, key=lambda label: (_place(label.tag, order), label.tag, label.text), default=None)


def _place(tag: str, order: tuple[str, ...]) -> int:
    if not tag:
        return len(order)
    for place, wanted in enumerate(order):
        if tag == wanted or tag.startswith(f"{wanted}-"):
            return place
    return len(order) + 1


def _written(tag: str) -> str:
    """Write a tag in the usual case (RFC 5646, section 2.1.1): a script with a capital, a region in capitals."""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *map(_subtag, rest)])


def _subtag(subtag: str) -> str:
    if len(subtag) == len("Hans"):
        return subtag.capitalize()
    return subtag.upper() if len(subtag) == len("CN") else subtag.lower()
