"""The endpoint ``/audit``: the audit log, for operators."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict

from flask import Blueprint, Response, request

from kg.domain import RequestError
from kg.locales import Message
from kg.web.http.authorization import require
from kg.web.site import current_site

blueprint = Blueprint("audit", __name__)

_FEW, _MOST = 100, 10_000


@blueprint.get("/audit")
def audit() -> Response:
    """List the last uses of tokens, the latest first: ``?limit=`` of them, of the one named by ``?token=``."""
    require("operate")
    name = request.args.get("token")
    found = (use for use in current_site().audit.uses() if name in (None, use.token))
    last = reversed(deque(found, maxlen=_limit(request.args.get("limit", str(_FEW)))))
    document = json.dumps({"uses": [asdict(use) for use in last]}, ensure_ascii=False, indent=1)
    response = Response(f"{document}\n", mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= _MOST:
        return int(text)
    raise RequestError(
        Message("request.limit", text=text[:100]),
        cure=Message("request.limit_cure", most=_MOST),
    )
