"""The doubts about pages as a SARIF 2.1.0 log, which editors and code hosts show beside the lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.domain import Doubt, Page
from kg.locales import Message, Translatable
from kg.source.findings.rules import cure_key


def sarif_log(pages: Iterable[tuple[str, Page]]) -> dict[str, Any]:
    """Return one run with a result for each doubt; pages come with the path they were read from."""
    pages = tuple(pages)
    rules = sorted({(doubt.rule, cure_key(doubt.rule, doubt.severity)) for _, page in pages for doubt in page.doubts})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "kg",
                        "rules": [{"id": rule, "help": {"text": _in_words(Message(cure))}} for rule, cure in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(path, doubt) for path, page in pages for doubt in page.doubts],
            }
        ],
    }


def _in_words(reason: Translatable) -> str:
    return f"{reason.in_language('ko')} {reason}"


def _result(path: str, doubt: Doubt) -> dict[str, Any]:
    place = doubt.place
    region = {"startLine": place.line, "startColumn": place.start, "endColumn": place.end}
    return {
        "ruleId": doubt.rule,
        "level": doubt.severity,
        "message": {"text": _in_words(doubt.reason)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}],
    }
