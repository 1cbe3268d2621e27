"""State shared by the endpoints: the settings, the store, the evaluator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask, current_app

from kg.auth import Audit, TokenStore
from kg.build import HistoryGraphCache
from kg.domain import Iris, Settings
from kg.store import Evaluator, Removals, Store, Version
from kg.web.api.metrics import Metrics

_NAME = "kg"


@dataclass(frozen=True)
class Site:
    """The state of an application."""

    settings: Settings
    store: Store
    evaluator: Evaluator
    tokens: TokenStore
    history_cache: HistoryGraphCache
    removals: Removals
    metrics: Metrics = field(default_factory=Metrics)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def audit(self) -> Audit:
        """The record of the uses of tokens."""
        return Audit(self.settings.store)

    @property
    def iris(self) -> Iris:
        """The IRIs under the base of the settings."""
        return Iris(self.settings.base_iri)

    def reached(self, iri: str, root: str) -> str:
        """Return the address at which an IRI under our base is reached: the base replaced by the server's root."""
        base = self.settings.base_iri
        return root + iri.removeprefix(base) if iri.startswith(base) else iri

    def minted(self, address: str, root: str) -> str:
        """Return the IRI that an address of this server stands for: the root replaced by our base."""
        return self.settings.base_iri + address.removeprefix(root) if address.startswith(root) else address

    def version(self) -> Version:
        """Return the current version.

        :raises StoreError: nothing was published yet
        """
        return self.store.require_current()


def install(app: Flask, site: Site) -> None:
    """Give the application its site."""
    app.extensions[_NAME] = site


def site_of(app: Flask) -> Site:
    """Return the site of an application."""
    site: Site = app.extensions[_NAME]
    return site


def current_site() -> Site:
    """Return the site of the application that answers the request."""
    return site_of(current_app)
