"""What the doors share: the settings, the store, who evaluates queries."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from kg.errors import Message, StoreError
from kg.iri import Iris
from kg.settings import Settings
from kg.store.evaluator import Evaluator
from kg.store.versions import Store, Version

_NAME = "kg"


@dataclass(frozen=True)
class Site:
    """Everything a door needs; one per application."""

    settings: Settings
    store: Store
    evaluator: Evaluator

    @property
    def iris(self) -> Iris:
        """The IRIs under the base of the settings."""
        return Iris(self.settings.base_iri)

    def version(self) -> Version:
        """Return the current version.

        :raises StoreError: nothing was published yet
        """
        version = self.store.current()
        if version is None:
            raise StoreError(
                Message(ko="저장소가 비어 있습니다.", en="The store is empty."),
                cure=Message(ko="kg build 로 자료를 만드십시오.", en="Run kg build."),
            )
        return version


def install(app: Flask, site: Site) -> None:
    """Give the application its site."""
    app.extensions[_NAME] = site


def current_site() -> Site:
    """Return the site of the application that answers the request."""
    site: Site = current_app.extensions[_NAME]
    return site
