"""The work: what was built becomes the store's next version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from kg.build import Build, build, input_digest
from kg.errors import KgError, Message, NonconformingError, UnexpectedError
from kg.settings import Settings
from kg.store.versions import Store, Version
from kg.store.wire import error_from_message, error_to_message

_PROGRAM = (sys.executable, "-I", "-m", "kg.publish")


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
    """Return the current version; build one first where there is none, or where what it was built from has changed.

    It is built in a process of its own, which gives back what that took.
    """
    store = Store(settings.store)
    current = store.current()
    digest = input_digest(paths, settings)
    if current is not None and current.facts.get("digest", digest) == digest:
        return current
    _publish_apart(paths, digest, settings)
    built = store.current()
    assert built is not None, settings.store  # noqa: S101 - it has just been published
    return built


def _publish_apart(paths: tuple[Path, ...], digest: str, settings: Settings) -> None:
    """Build and publish in another process; an error of ours is raised here as the leaf that it is."""
    work = [list(map(str, paths)), digest, str(settings.home), str(settings.store), settings.base_iri]
    done = subprocess.run(  # noqa: S603 - our own program
        _PROGRAM, input=json.dumps(work).encode(), stdout=subprocess.PIPE, check=False
    )
    if done.stdout:
        raise error_from_message(json.loads(done.stdout))
    if done.returncode:
        raise UnexpectedError(
            Message(ko="그래프를 만들던 프로세스가 멈췄습니다.", en=f"What builds ended with {done.returncode}."),
            cure=Message(ko="kg build 를 따로 실행해 보십시오.", en="Run 'kg build' by itself."),
        )


def main() -> None:
    """Publish what standard input describes; an error of ours goes to standard output."""
    paths, digest, home, store, base_iri = json.load(sys.stdin)
    settings = Settings(home=Path(home), store=Path(store), base_iri=base_iri)
    try:
        publish(build(tuple(map(Path, paths)), settings), digest, settings)
    except KgError as error:
        json.dump(error_to_message(error), sys.stdout)


if __name__ == "__main__":
    main()
