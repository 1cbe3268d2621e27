"""The work: what was built becomes the store's next version."""

from __future__ import annotations

from pathlib import Path

from kg.build import Build, build, input_digest
from kg.errors import Message, NonconformingError
from kg.settings import Settings
from kg.store.versions import Store, Version


def publish(made: Build, digest: str, settings: Settings) -> Version:
    """Make a build the current version; raise ``NonconformingError`` when it does not conform, and write nothing."""
    if not made.report.conforms:
        violations = sum(result.severity == "violation" for result in made.report.results)
        raise NonconformingError(
            Message(ko=f"규칙 위반이 {violations}건 있습니다.", en=f"There are {violations} violations of the shapes."),
            cure=Message(ko="보고된 줄을 고치십시오.", en="Mend the reported lines."),
        )
    facts = {"digest": digest, "base_iri": settings.base_iri}
    return Store(settings.store).publish(made.quads(), made.files(), facts)


def current_or_built(paths: tuple[Path, ...], settings: Settings) -> Version:
    """Return the current version; build one first where there is none, or where what it was built from has changed."""
    current = Store(settings.store).current()
    digest = input_digest(paths, settings)
    if current is not None and current.facts.get("digest", digest) == digest:
        return current
    return publish(build(paths, settings), digest, settings)
