"""Memento (RFC 7089): the version that a request names, and the header fields of the response; no Flask.

An address is its own TimeGate, answering with 200: ``Accept-Datetime`` has it answered as it was then, and
``?graph-version=N`` names one state of it, a Memento. Every address under ``PATHS`` has a TimeMap, ``/timemap/link/…``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl

from kg.domain import RequestError
from kg.locales import Message
from kg.store import VERSION_LABELS, CommitInfo

VERSION = "graph-version"
"""The parameter that names a version of the graph."""
_FORMER = "version"
"""Its name in links made before SPARQL 1.2 Protocol took that one for the version of SPARQL (section 2.1)."""
PATHS = (
    *("sparql", "graphs", "downloads", "page", "data", "dataset", "ontology", "source", "quality"),
    *("cities", "exchanges", "compare", "years", "search", "questions"),
)
"""The first segments of the addresses that travel."""
LINK_FORMAT = "application/link-format"
LONGEST_ADDRESS = 4096
"""The longest address that is given as a permanent link (bytes)."""

_NUMBER = re.compile(r"[1-9]\d{0,8}\Z", re.ASCII)
_DATE = "%a, %d %b %Y %H:%M:%S GMT"


@dataclass(frozen=True)
class VersionReference:
    """The requested version, by number or by moment; one of them is None."""

    number: int | None
    moment: datetime | None = None


def names_version(name: str, value: str) -> bool:
    """Return whether a parameter names a version of the graph, and not one of SPARQL.

    >>> [names_version("version", value) for value in ("3", "1.2", "1.2-basic", "9.9", "")]
    [True, False, False, True, False]
    """
    return name == VERSION or (name == _FORMER and value not in ("", *VERSION_LABELS))


def versions_named(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return what the parameters of a request give for a version of the graph, each value once."""
    return list(dict.fromkeys(value for name, value in pairs if names_version(name, value)))


def destination(versions: Sequence[str], accept_datetime: str | None) -> VersionReference | None:
    """Return where a request goes, or None for one that stays; a version that is named goes before a moment.

    :raises RequestError: the number or the date cannot be understood

    >>> destination(["12"], None).number, destination([], "Sun, 22 Nov 2026 09:30:00 GMT").moment.hour
    (12, 9)
    """
    if versions:
        if len(versions) > 1 or not _NUMBER.match(versions[0]):
            raise _no_version(", ".join(versions))
        return VersionReference(int(versions[0]))
    if accept_datetime is None:
        return None
    try:
        return VersionReference(None, datetime.strptime(accept_datetime.strip(), _DATE).replace(tzinfo=UTC))
    except ValueError as error:
        raise _not_understood("Accept-Datetime", accept_datetime, "Sun, 22 Nov 2026 09:30:00 GMT") from error


def has_versions(path: str) -> bool:
    """Return whether an address has versions.

    >>> has_versions("/graphs/page"), has_versions("/ontology.ttl"), has_versions("/"), has_versions("/history")
    (True, True, True, False)
    """
    return path.strip("/").partition("/")[0].partition(".")[0] in ("", *PATHS)


def current_at(commits: Sequence[CommitInfo], moment: datetime) -> int:
    """Return the number of the version that was current at a moment; before the first one, the first (RFC 7089).

    An HTTP date has no fraction of a second: a version counts from the second in which it was made.
    """
    before = [commit.number for commit in commits if commit.time.replace(microsecond=0) <= moment]
    return before[-1] if before else commits[0].number


@dataclass(frozen=True)
class Address:
    """An address that travels: the server's root without the last slash, the path, the query string without ``?``."""

    root: str
    path: str
    query_string: str = ""

    @property
    def original(self) -> str:
        """The address of what is current.

        >>> Address("http://a", "/graphs", "default&version=3&version=1.2").original
        'http://a/graphs?default&version=1.2'
        """
        kept = "&".join(self._kept())
        return f"{self.root}{self.path}{'?' if kept else ''}{kept}"

    def at(self, number: int) -> str:
        """Return the address of one version of it.

        >>> Address("http://a", "/downloads/kg.ttl").at(3)
        'http://a/downloads/kg.ttl?graph-version=3'
        """
        return f"{self.root}{self.path}?{'&'.join([*self._kept(), f'{VERSION}={number}'])}"

    def timemap(self, form: str = "link") -> str:
        """Return the address of the list of all versions of it."""
        return self.original.replace(self.root + self.path, f"{self.root}/timemap/{form}{self.path}", 1)

    def _kept(self) -> list[str]:
        parts = self.query_string.split("&") if self.query_string else []
        return [_in_header(part) for part in parts if not versions_named(parse_qsl(part, keep_blank_values=True))]


def _in_header(text: str) -> str:
    """Write out what cannot stand in the target of a Link header."""
    return re.sub(r"[^!$-;=?-Z_a-z~\[\]]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def http_date(moment: datetime) -> str:
    """Return a moment as HTTP writes it.

    >>> http_date(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    'Sun, 22 Nov 2026 09:30:00 GMT'
    """
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def links(address: Address, commit_info: CommitInfo, kept: Sequence[CommitInfo]) -> str:
    """Return the Link header of a Memento: the original, its TimeMap, and the Mementos around this one."""
    numbers = [one.number for one in kept]
    place = numbers.index(commit_info.number)
    relations: dict[int, list[str]] = {}
    for relation, number in (
        ("first", numbers[0]),
        ("last", numbers[-1]),
        ("prev", numbers[max(place - 1, 0)] if place else 0),
        ("next", numbers[place + 1] if place + 1 < len(numbers) else 0),
    ):
        if number:
            relations.setdefault(number, []).append(relation)
    relations.setdefault(commit_info.number, [])
    times = {one.number: one.time for one in kept}
    mementos = (
        f'<{address.at(number)}>; rel="{" ".join([*found, "memento"])}"; datetime="{http_date(times[number])}"'
        for number, found in sorted(relations.items())
    )
    return ", ".join([*_way_back(address), *mementos])


def _way_back(address: Address) -> tuple[str, str]:
    return (
        f'<{address.original}>; rel="original timegate latest-version"',
        f'<{address.timemap()}>; rel="timemap"; type="{LINK_FORMAT}"',
    )


def link_to_version(address: Address, commit_info: CommitInfo) -> str:
    """Return the Link header of what is current: the way to its TimeMap, and the permanent link to this state."""
    memento = f'<{address.at(commit_info.number)}>; rel="bookmark memento"; datetime="{http_date(commit_info.time)}"'
    return ", ".join([*_way_back(address), memento])


def timemap_links(address: Address, kept: Sequence[CommitInfo]) -> bytes:
    """Return the TimeMap of an address in the link format (RFC 7089, section 5)."""

    def lines() -> Iterator[str]:
        span = f'from="{http_date(kept[0].time)}"; until="{http_date(kept[-1].time)}"'
        yield f'<{address.original}>; rel="original timegate"'
        yield f'<{address.timemap()}>; rel="self"; type="{LINK_FORMAT}"; {span}'
        for place, commit_info in enumerate(kept):
            ends = ("first " if place == 0 else "") + ("last " if place == len(kept) - 1 else "")
            yield f'<{address.at(commit_info.number)}>; rel="{ends}memento"; datetime="{http_date(commit_info.time)}"'

    listed = ",\n ".join(lines())
    return f"{listed}\n".encode()


def timemap_json(address: Address, kept: Sequence[CommitInfo]) -> bytes:
    """Return the TimeMap of an address as JSON."""
    mementos = [{"datetime": _iso(one), "uri": address.at(one.number), "version": one.number} for one in kept]
    document = {
        "original_uri": address.original,
        "timegate_uri": address.original,
        "timemap_uri": {"link_format": address.timemap(), "json_format": address.timemap("json")},
        "mementos": {"first": mementos[0], "last": mementos[-1], "list": mementos},
    }
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def _iso(commit_info: CommitInfo) -> str:
    return commit_info.time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _no_version(text: str) -> RequestError:
    labels = ", ".join(VERSION_LABELS)
    return RequestError(
        Message("request.version", text=text[:100]),
        cure=Message("request.version_cure", parameter=VERSION, labels=labels),
    )


def _not_understood(name: str, text: str, example: str) -> RequestError:
    return RequestError(
        Message("request.not_understood", name=name, text=text[:100]),
        cure=Message("request.not_understood_cure", example=example),
    )
