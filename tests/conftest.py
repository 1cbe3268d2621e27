import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from kg.build import Build, build, input_digest, source_paths
from kg.domain import Settings
from kg.store import Store
from serving import served
from signing import published

HOME = Path(__file__).parents[1]

gc.set_threshold(100_000, 20, 20)  # graphs are many small things that live long: look through them less often

hypothesis_settings.register_profile(
    "few", derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("many", hypothesis_settings.get_profile("few"), max_examples=200)
hypothesis_settings.register_profile("whole", hypothesis_settings.get_profile("few"), max_examples=50_000)
hypothesis_settings.load_profile("few")  # make test-slow and make test-updates ask for the others


@pytest.fixture(scope="session")
def home() -> Path:
    """Give the folder of the checkout."""
    return HOME


@pytest.fixture(scope="session")
def made() -> Build:
    """Build the owner's page, once."""
    return build(source_paths(HOME), Settings(home=HOME, store=HOME / ".kg"))


@pytest.fixture(scope="session")
def files(made: Build) -> dict[str, bytes]:
    """Make the distributions of the owner's page, once."""
    return made.files()


@pytest.fixture(scope="session")
def built_store(made: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store whose one version is the owner's page; tests only read it."""
    path = tmp_path_factory.mktemp("store")
    settings = Settings(home=HOME, store=path)
    facts = {"digest": input_digest(source_paths(HOME), settings), "base_iri": settings.base_iri}
    published(Store(path), made.quads(), facts)
    return path


@pytest.fixture(scope="session")
def server(built_store: Path) -> Iterator[str]:
    """Serve the owner's page on a port of its own, and give the address."""
    with served(built_store) as address:
        yield address
