"""Results in words, line by line, for the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from kg.auth import AccessToken, Use
from kg.domain import Doubt, Page, Result
from kg.store import CommitInfo

SEVERITIES = ("error", "warning", "note")


def page_in_words(page: Page) -> Iterator[str]:
    """Yield what was read from a page in one line, and a line for each thing that could not be read."""
    occurrences = sum(len(exchange.occurrences) for _, exchange in page.exchanges())
    counts = ", ".join(f"{count(page, severity)} {severity}s" for severity in SEVERITIES)
    lines = sum(1 for _ in page.exchanges())
    yield f"kg: {page.name}: {len(page.cities)} cities, {lines} exchange lines, {occurrences} dates; {counts}"
    yield from doubts_in_words(page, page.name, ("error",))


def count(page: Page, severity: str) -> int:
    """Return how many doubts about a page are of a severity."""
    return sum(doubt.severity == severity for doubt in page.doubts)


def doubts_in_words(page: Page, name: str, severities: tuple[str, ...]) -> Iterator[str]:
    """Yield a line for each doubt: where, how serious, the text as printed, the reading, the reason, the rule."""
    for doubt in page.doubts:
        if doubt.severity in severities:
            place = f"{name}:{doubt.place.line}:{doubt.place.start}"
            reading = f" → {doubt.reading}" if doubt.reading else ""
            reason = f"{doubt.reason} {doubt.reason.in_language('ko')} [{doubt.rule}]"
            yield f"{place}: {doubt.severity}: {doubt.printed!r}{reading}: {reason}"


def doubt_as_object(doubt: Doubt) -> dict[str, object]:
    """Return a doubt as JSON knows it."""
    return {
        "rule": doubt.rule,
        "severity": doubt.severity,
        "line": doubt.place.line,
        "startColumn": doubt.place.start,
        "endColumn": doubt.place.end,
        "printed": doubt.printed,
        "reading": doubt.reading,
        "reason": {code: doubt.reason.in_language(code) for code in ("ko", "en", "zh")},
    }


def results_in_words(results: Iterable[Result]) -> Iterator[str]:
    """Yield each result of a validation: message, focus node, path, value, line of the page, and the cure."""
    for result in results:
        yield from _result(result)


def _result(result: Result) -> Iterator[str]:
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


def record_in_words(record: CommitInfo, *, is_kept: bool, is_pinned: bool) -> str:
    """Return one line about a version: number, time, author, kind, quads added and removed, why."""
    marks = [word for word, is_so in (("pruned", not is_kept), ("pinned", is_pinned)) if is_so]
    warnings = [f"{record.warnings} warnings"] if record.warnings else []
    told = f"+{record.added} -{record.removed}"
    last = " ".join(filter(None, [record.message, *(f"({mark})" for mark in (*warnings, *marks))]))
    return "\t".join(
        [str(record.number), record.time.isoformat(timespec="seconds"), record.author, record.kind, told, last]
    ).rstrip()


def token_in_words(token: AccessToken, last_use: str | None, now: datetime) -> str:
    r"""Return a token in one line: name, scopes, when made, when it ends, when used last; ``-`` for what is not.

    >>> token_in_words(Token("office", "write operate", "2026-01-01", ""), None, datetime(2026, 1, 2))
    'office\twrite operate\tmade 2026-01-01\texpires -\tlast used -'
    """
    ends = f"expire{'d' if token.is_expired(now) else 's'} {token.expires or '-'}"
    return "\t".join((token.name, token.scope, f"made {token.created}", ends, f"last used {last_use or '-'}"))


def use_in_words(use: Use) -> str:
    r"""Return a use of a token in one line: when, whose, for what, the scope it needed, the status, the version made.

    >>> use_in_words(Use("2026-01-01", "office", "POST", "/sparql", "write", 204, 12))
    '2026-01-01\toffice\tPOST /sparql\twrite\t204\tversion 12'
    """
    made = "-" if use.version is None else f"version {use.version}"
    columns = (use.time, use.token or "-", f"{use.method} {use.path}", use.scope, str(use.status), made, use.client)
    return "\t".join(columns).rstrip()
