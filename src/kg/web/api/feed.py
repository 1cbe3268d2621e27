"""The feed of changes: Atom (RFC 4287); no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.build import KINDS, version_iri
from kg.domain import Iris
from kg.locales import LANGUAGES, Message
from kg.store import CommitInfo

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def feed(commits: Sequence[CommitInfo], iris: Iris, root: str) -> bytes:
    """Write the feed of these versions, the latest first; it is reached under a root address that ends with a slash."""
    top = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "ko"})
    _add(top, "id", iris.document("history.atom"))
    _add(top, "title", _in_all(Message("commit.feed")))
    _add(top, "updated", _time(commits[-1].time) if commits else "1970-01-01T00:00:00Z")
    SubElement(top, "link", {"rel": "self", "type": MEDIA_TYPE, "href": f"{root}history.atom"})
    SubElement(top, "link", {"rel": "alternate", "type": "text/html", "href": f"{root}history"})
    for commit in reversed(commits):
        _add_entry(top, commit, iris, root)
    document: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add_entry(top: Element, commit_info: CommitInfo, iris: Iris, root: str) -> None:
    entry = SubElement(top, "entry")
    _add(entry, "id", version_iri(commit_info.number, iris))
    version, kind = Message("commit.version", number=commit_info.number), KINDS[commit_info.kind]
    _add(entry, "title", _in_all(version, kind))
    _add(entry, "updated", _time(commit_info.time))
    _add(SubElement(entry, "author"), "name", commit_info.author or "-")
    counts = f"+{commit_info.added} −{commit_info.removed}"
    _add(entry, "summary", f"{_printable(commit_info.message)} ({counts})" if commit_info.message else counts)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": f"{root}history/{commit_info.number}"})
    SubElement(
        entry, "link", {"rel": "related", "type": "text/html", "href": f"{root}history/{commit_info.number}/diff"}
    )


def _in_all(*messages: Message) -> str:
    """Return messages in every language: a feed has one title, whoever reads it."""
    return " / ".join(": ".join(one.in_language(language.code) for one in messages) for language in LANGUAGES)


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
