"""Results as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from kg.auth import AccessToken, Use
from kg.domain import Doubt, Page, Result
from kg.locales import Message
from kg.source import cure_key
from kg.store import CommitInfo
from kg.validation import causes

SEVERITIES = ("error", "warning", "note")


def page_in_words(page: Page) -> Iterator[str]:
    """Yield a line with the contents of a page, and a line for each part that could not be parsed."""
    occurrences = sum(len(exchange.occurrences) for _, exchange in page.exchanges())
    counts = ", ".join(f"{count(page, severity)} {severity}s" for severity in SEVERITIES)
    lines = sum(1 for _ in page.exchanges())
    yield f"kg: {page.name}: {len(page.cities)} cities, {lines} exchange lines, {occurrences} dates; {counts}"
    yield from doubts_in_words(page, page.name, ("error",))


def count(page: Page, severity: str) -> int:
    """Count the findings of a severity."""
    return sum(doubt.severity == severity for doubt in page.doubts)


def doubts_in_words(page: Page, name: str, severities: tuple[str, ...]) -> Iterator[str]:
    """Yield a line for each finding: place, severity, printed text, reading, reason, what to do, rule."""
    for doubt in page.doubts:
        if doubt.severity in severities:
            place = f"{name}:{doubt.place.line}:{doubt.place.start}"
            reading = f" → {doubt.reading}" if doubt.reading else ""
            cure = Message(cure_key(doubt.rule, doubt.severity))
            reason = f"{doubt.reason} {cure} {doubt.reason.in_language('ko')} {cure.in_language('ko')} [{doubt.rule}]"
            yield f"{place}: {doubt.severity}: {doubt.printed!r}{reading}: {reason}"


def doubt_as_object(doubt: Doubt) -> dict[str, object]:
    """Return a finding as a JSON object."""
    cure = Message(cure_key(doubt.rule, doubt.severity))
    return {
        "rule": doubt.rule,
        "severity": doubt.severity,
        "line": doubt.place.line,
        "startColumn": doubt.place.start,
        "endColumn": doubt.place.end,
        "printed": doubt.printed,
        "reading": doubt.reading,
        "reason": {code: doubt.reason.in_language(code) for code in ("ko", "en", "zh")},
        "cure": {code: cure.in_language(code) for code in ("ko", "en", "zh")},
    }


def results_in_words(results: Iterable[Result]) -> Iterator[str]:
    """Yield each cause among the results of a validation, and below it in a line each what follows from it."""
    for cause in causes(tuple(results)):
        yield from _result(cause.result)
        if cause.consequences:
            yield f"    {len(cause.consequences)} more of the same cause:"
        for result in cause.consequences:
            about = " ".join(filter(None, (result.focus_node, result.path)))
            yield f"        {about}: {result.message} {result.message.in_language('ko')}"


def _result(result: Result) -> Iterator[str]:
    """Yield message, focus node, path, value, line of the page, and the cure."""
    yield f"kg: {result.severity}: {result.message}"
    yield f"    한국어      {result.message.in_language('ko')}"
    yield f"    focus node  {result.focus_node}"
    if result.path:
        yield f"    path        {result.path}"
    if result.value is not None:
        yield f"    value       {result.value}"
    if result.lines:
        yield f"    line        {', '.join(map(str, result.lines))} of the page"
    yield f"    cure        {result.cure} {result.cure.in_language('ko')}"


def commit_in_words(commit_info: CommitInfo, *, is_kept: bool, is_pinned: bool) -> tuple[str, ...]:
    """Return the cells of a commit: number, time, author, kind, quads added and removed, message."""
    marks = [word for word, is_so in (("pruned", not is_kept), ("pinned", is_pinned)) if is_so]
    warnings = [f"{commit_info.warnings} warnings"] if commit_info.warnings else []
    told = f"+{commit_info.added} -{commit_info.removed}"
    last = " ".join(filter(None, [commit_info.message, *(f"({mark})" for mark in (*warnings, *marks))]))
    time = commit_info.time.isoformat(timespec="seconds")
    return (str(commit_info.number), time, commit_info.author, commit_info.kind, told, last)


def token_in_words(token: AccessToken, last_use: str | None, now: datetime) -> str:
    r"""Return a token in one line: name, scopes, when made, when it ends, when used last; ``-`` for what is not.

    >>> token_in_words(AccessToken("office", "write operate", "2026-01-01", ""), None, datetime(2026, 1, 2))
    'office\twrite operate\tmade 2026-01-01\texpires -\tlast used -'
    """
    ends = f"expire{'d' if token.is_expired(now) else 's'} {token.expires or '-'}"
    return "\t".join((token.name, token.scope, f"made {token.created}", ends, f"last used {last_use or '-'}"))


def use_in_words(use: Use) -> str:
    r"""Format a use of a token: time, name, request, required scope, status, committed version.

    >>> use_in_words(Use("2026-01-01", "office", "POST", "/sparql", "write", 204, 12))
    '2026-01-01\toffice\tPOST /sparql\twrite\t204\tversion 12'
    """
    made = "-" if use.version is None else f"version {use.version}"
    columns = (use.time, use.token or "-", f"{use.method} {use.path}", use.scope, str(use.status), made, use.client)
    return "\t".join(columns).rstrip()
