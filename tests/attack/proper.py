"""What a proper answer to a hostile request is."""

from __future__ import annotations

import json
from collections.abc import Collection

from attack.running import Reply

_MEMBERS = {"type", "title", "status", "detail", "cure"}
_BUDGET_USED_UP = 503
_FIRST_ERROR = 400


def check_proper(reply: Reply, statuses: Collection[int], right: bytes | None = None) -> None:
    """Assert that an answer has one of the statuses, is right or a problem document, and gives nothing away."""
    told = reply.body[:500].decode("utf-8", "replace")
    assert reply.status in statuses, f"{reply.status} {told}"
    assert len(reply.body) == int(reply.fields["content-length"])
    if reply.status < _FIRST_ERROR:
        assert right in (None, reply.body), told
    else:
        check_problem(reply)


def check_problem(reply: Reply) -> None:
    """Assert that an error is a problem document without a stack trace; one of a budget names it and when to return."""
    assert reply.fields["content-type"].startswith("application/problem+json"), reply.fields
    document = json.loads(reply.body)
    assert document.keys() >= _MEMBERS
    assert document["status"] == reply.status
    assert "Traceback" not in reply.body.decode()
    assert 'File "' not in document["detail"]
    if reply.status == _BUDGET_USED_UP:
        assert int(reply.fields["retry-after"]) > 0
        assert "budget: " in document["detail"] or "예산: " in document["detail"]
