"""The feed of changes: Atom (RFC 4287); no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.build import KINDS, version_iri
from kg.domain import Iris
from kg.store import CommitInfo

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def feed(records: Sequence[CommitInfo], iris: Iris, root: str) -> bytes:
    """Write the feed of these versions, the latest first; it is reached under a root address that ends with a slash."""
    top = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "ko"})
    _add(top, "id", iris.document("history.atom"))
    _add(top, "title", "서초구 중국 우호도시 지식그래프: 변경 내역 / Changes to the graph")
    _add(top, "updated", _time(records[-1].time) if records else "1970-01-01T00:00:00Z")
    SubElement(top, "link", {"rel": "self", "type": MEDIA_TYPE, "href": f"{root}history.atom"})
    SubElement(top, "link", {"rel": "alternate", "type": "text/html", "href": f"{root}history"})
    for record in reversed(records):
        _add_entry(top, record, iris, root)
    document: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add_entry(top: Element, record: CommitInfo, iris: Iris, root: str) -> None:
    entry = SubElement(top, "entry")
    kind = KINDS[record.kind]
    _add(entry, "id", version_iri(record.number, iris))
    _add(entry, "title", f"{record.number}번째 판: {kind.in_language('ko')} / Version {record.number}: {kind}")
    _add(entry, "updated", _time(record.time))
    _add(SubElement(entry, "author"), "name", record.author or "-")
    counts = f"+{record.added} −{record.removed}"
    _add(entry, "summary", f"{_printable(record.message)} ({counts})" if record.message else counts)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": f"{root}history/{record.number}"})
    SubElement(entry, "link", {"rel": "related", "type": "text/html", "href": f"{root}history/{record.number}/diff"})


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _printable(text)


def _printable(text: str) -> str:
    r"""Return a text without the characters that XML 1.0 does not have.

    >>> _printable("a\x00\x0bb\n")
    'ab\n'
    """
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
    )


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
