from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from kg.auth import TokenStore
from kg.domain import Settings
from kg.store import Store
from kg.web.app import create_app
from signing import published

BASE = "https://kg.seocho.example/"
QUADS = f"""<http://a/s> <http://a/p> "d" .
<http://a/s> <http://a/p> "쑤저우"@ko <{BASE}graphs/page> .
<http://a/s> <http://a/p> "2" <http://a/apart> .
"""


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Keep the templates that one application compiled for the others: that takes longer than most tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def owner_app(built_store: Path, home: Path, compiled: BytecodeCache) -> Flask:
    """Make the application of the owner's page, which tests only read."""
    app = create_app(Settings(home=home, store=built_store, port=0))
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings with a store of their own."""
    return Settings(home=tmp_path, store=tmp_path / "store", port=0)


@pytest.fixture
def store(settings: Settings) -> Store:
    """Make a store with one version."""
    store = Store(settings.store)
    published(store, QUADS.encode(), {"source": "18c94f75"})
    return store


@pytest.fixture
def app(settings: Settings, store: Store, compiled: BytecodeCache) -> Flask:  # noqa: ARG001 - the store is published first
    """Make the application, evaluating in this process."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the application."""
    with app.test_client() as client:
        yield client


@pytest.fixture
def authorized(settings: Settings) -> dict[str, str]:
    """Make the headers of a client that may write."""
    return {"Authorization": f"Bearer {TokenStore(settings.store).create('test', 'write', '2026-01-01')}"}
