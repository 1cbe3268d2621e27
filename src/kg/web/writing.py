"""Making a change: a clone of the current version is changed, passes the gate, and becomes the next version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.store.patches import Patch
from kg.store.records import Signature
from kg.store.tokens import Token
from kg.store.updating import Change
from kg.store.versions import Version
from kg.web.authorization import made
from kg.web.site import Site


@dataclass(frozen=True)
class Written:
    """What a change came to: the new version, and whether the graph was there before."""

    version: Version
    existed: bool


def write(site: Site, change: Change, token: Token) -> Written:
    """Apply a change and publish it; what is refused leaves the store as it was."""
    existed = False

    def apply(oxigraph: Path) -> Patch:
        nonlocal existed
        applied = site.evaluator.change(oxigraph, change)
        existed = applied.existed
        return applied.patch

    facts = {} if change.kind == "update" else {"graph": change.graph or "default"}
    signature = Signature(token.name, "", site.clock(), change.kind, facts)
    version = site.store.commit(apply, signature, site.gate)
    made(version.number)
    return Written(version, existed)
