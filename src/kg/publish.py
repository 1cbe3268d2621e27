"""The work: what was built becomes the store's next version."""

from __future__ import annotations

from pathlib import Path

from kg.build import Build, input_digest
from kg.errors import Message, NonconformingError
from kg.iri import Iris
from kg.settings import Settings
from kg.store.allowed import check_targets, read_destinations
from kg.store.evaluator import LocalEvaluator
from kg.store.updating import Change
from kg.store.versions import Store, Version, open_gate


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


def needs_build(paths: tuple[Path, ...], settings: Settings) -> bool:
    """Say whether there is no version yet, or what the current one was built from has changed.

    A version that was made by a change, not by a build, stays: building would lose the change.
    """
    current = Store(settings.store).current()
    digest = input_digest(paths, settings)
    return current is None or current.facts.get("digest", digest) != digest


def updated(text: str, settings: Settings) -> Version:
    """Make the next version by a SPARQL update, in this process.

    :raises ForbiddenError: the update would load from where the operator does not allow it
    """
    base = Iris(settings.base_iri).document("sparql")
    check_targets(text, base, read_destinations(settings.allowed_hosts), isolated=False)
    change = Change("update", base, text=text)
    facts = {"base_iri": settings.base_iri}

    def apply(oxigraph: Path) -> None:
        LocalEvaluator().change(oxigraph, change)

    return Store(settings.store).derive(apply, open_gate, facts)
