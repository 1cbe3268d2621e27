"""Runs a syntax test: a wrong query or update must be refused as malformed, a right one must not."""

from __future__ import annotations

import re

from conformance.documents import text_with_base
from conformance.harness import Harness
from conformance.manifest import SyntaxTest
from conformance.outcome import PASSED, ComparisonResult, failed

ANY_ANSWER = "application/sparql-results+json, text/turtle"
MALFORMED = 400

CAN_FAIL = re.compile(r"\b(SERVICE|LOAD|CREATE|DROP|CLEAR|ADD|MOVE|COPY)\b", re.IGNORECASE)
"""Operations that may fail where the text is right: there is no such endpoint, document or graph."""


def run_syntax_test(test: SyntaxTest, harness: Harness) -> ComparisonResult:
    """Send a test's query or update to an empty dataset and look at the status."""
    harness.loader.load()
    text = text_with_base(test.request)
    if test.is_update:
        harness.loader.forget()
        response = harness.server.update(text)
    else:
        response = harness.server.query(text, ANY_ANSWER)
    if test.is_positive:
        has_parsed = response.is_success or (response.status != MALFORMED and CAN_FAIL.search(text))
        return PASSED if has_parsed else failed(f"a right text was refused: {response.summary()}")
    is_refused = response.status == MALFORMED
    return PASSED if is_refused else failed(f"a wrong text was not refused as malformed: {response.summary()}")
