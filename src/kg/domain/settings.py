"""The settings, frozen, read once from the environment and handed over."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from kg.domain.errors import SettingError
from kg.locales import Message

HIGHEST_PORT = 65535
HIGHEST_NUMBER = 10**6 - 1
HIGHEST_CAPACITY = 10**9
MEBIBYTE = 2**20
_RDF_TERMS = ("1.1", "1.2")
MOST_PROCESSES = 4
"""Unless it is set: each holds the head and kept answers of its own."""
DEFAULT_BASE_IRI = "https://kg.seocho.example/"
LEAST_QUERY_MEMORY = 256
"""What a worker needs before it answers anything (MiB): its stack is 128, the engine maps as much again."""


def default_processes() -> int:
    """Return how many processes serve unless it is set: one for each core, at most four."""
    return max(1, min(os.cpu_count() or 1, MOST_PROCESSES))


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, with its default.

    ``home`` is the folder that holds ``data/``, ``ontology/`` and ``shapes/``; ``store`` holds the versions. So many
    ``processes`` serve. A query has ``query_seconds`` and ``query_memory``, its answer ``result_size``, the body of a
    request ``body_size``; ``hot_size`` is for answers kept hot (bytes); so many requests may wait in the ``queue``.
    Validating a change has ``gate_seconds`` and ``gate_memory``. SERVICE and LOAD reach ``allowed_hosts`` alone:
    names, or ``address:port`` for what is not on the public network. What one of the ``trusted_proxies`` says of
    scheme, host and path prefix is believed. Addresses are built from a ``Host`` that is one of the
    ``allowed_server_names``, the host of the settings or of the base IRI, or local. Each request is a line of
    ``access_log`` (``stderr``, ``off`` or a file). A version has at most ``capacity`` quads; versions beyond
    ``keep_versions`` or older than ``keep_days`` are pruned (None: never). The graphs of the dataset take what every
    form of ``rdf_terms`` (RDF ``1.1``) can carry, or all terms of RDF ``1.2``. The ``license`` of the data is an IRI,
    empty where its owner stated none.
    """

    home: Path
    store: Path
    host: str = "localhost"
    port: int = 8000
    processes: int = field(default_factory=default_processes)
    base_iri: str = DEFAULT_BASE_IRI
    query_seconds: float = 10.0
    query_memory: int = 512 * MEBIBYTE
    result_size: int = 256 * MEBIBYTE
    body_size: int = 32 * MEBIBYTE
    hot_size: int = 64 * MEBIBYTE
    queue: int = 128
    gate_seconds: float = 120.0
    gate_memory: int = 2048 * MEBIBYTE
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    allowed_server_names: tuple[str, ...] = ()
    access_log: str = "stderr"
    capacity: int = 1_000_000
    rdf_terms: str = "1.1"
    license: str = ""
    keep_versions: int | None = None
    keep_days: int | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read ``KG_HOME``, ``KG_STORE``, ``KG_HOST``, ``KG_PORT``, ``KG_PROCESSES``, ``KG_BASE_IRI``, and the limits.

        ``KG_QUERY_SECONDS``, ``KG_QUERY_MEMORY``, ``KG_RESULT_SIZE``, ``KG_BODY_SIZE``, ``KG_HOT_SIZE`` (the sizes in
        MiB), ``KG_QUEUE``, ``KG_GATE_SECONDS``, ``KG_GATE_MEMORY``; ``KG_ALLOWED_HOSTS``, ``KG_TRUSTED_PROXIES`` and
        ``KG_ALLOWED_SERVER_NAMES`` with commas between; ``KG_ACCESS_LOG``; ``KG_CAPACITY`` (quads), ``KG_RDF_TERMS``,
        ``KG_LICENSE``, ``KG_KEEP_VERSIONS``, ``KG_KEEP_DAYS``.

        >>> Settings.from_environment({"KG_PORT": "8080"}).port
        8080
        >>> Settings.from_environment({"KG_CAPACITY": "2000000"}).capacity
        2000000
        """
        home = Path(environment.get("KG_HOME") or Path(__file__).resolve().parents[3])
        return cls(
            home=home,
            store=Path(environment.get("KG_STORE") or home / ".kg"),
            host=environment.get("KG_HOST") or "localhost",
            port=_port(environment.get("KG_PORT") or "8000"),
            processes=_number(environment, "KG_PROCESSES", default_processes()),
            base_iri=base_iri(environment.get("KG_BASE_IRI") or DEFAULT_BASE_IRI),
            query_seconds=_number(environment, "KG_QUERY_SECONDS", 10),
            query_memory=_number(environment, "KG_QUERY_MEMORY", 512, LEAST_QUERY_MEMORY) * MEBIBYTE,
            result_size=_number(environment, "KG_RESULT_SIZE", 256) * MEBIBYTE,
            body_size=_number(environment, "KG_BODY_SIZE", 32) * MEBIBYTE,
            hot_size=_number(environment, "KG_HOT_SIZE", 64) * MEBIBYTE,
            queue=_number(environment, "KG_QUEUE", 128),
            gate_seconds=_number(environment, "KG_GATE_SECONDS", 120),
            gate_memory=_number(environment, "KG_GATE_MEMORY", 2048, LEAST_QUERY_MEMORY) * MEBIBYTE,
            allowed_hosts=_listed(environment, "KG_ALLOWED_HOSTS"),
            trusted_proxies=tuple(map(_network, _listed(environment, "KG_TRUSTED_PROXIES"))),
            allowed_server_names=tuple(map(_server_name, _listed(environment, "KG_ALLOWED_SERVER_NAMES"))),
            access_log=environment.get("KG_ACCESS_LOG") or "stderr",
            capacity=_number(environment, "KG_CAPACITY", 1_000_000, most=HIGHEST_CAPACITY),
            rdf_terms=_rdf_terms(environment.get("KG_RDF_TERMS") or "1.1"),
            license=license_iri(environment.get("KG_LICENSE") or ""),
            keep_versions=_number(environment, "KG_KEEP_VERSIONS", 1) if environment.get("KG_KEEP_VERSIONS") else None,
            keep_days=_number(environment, "KG_KEEP_DAYS", 1) if environment.get("KG_KEEP_DAYS") else None,
        )


def base_iri(text: str) -> str:
    """Return a base IRI, or raise ``SettingError`` if it cannot be a base of IRIs.

    >>> base_iri("https://example.org/kg/")
    'https://example.org/kg/'
    """
    if text.startswith(("http://", "https://")) and text.endswith("/") and not set(text) & set(' <>"{}|\\^`?#'):
        return text
    raise SettingError(
        Message("setting.base_iri", text=text),
        cure=Message("setting.base_iri_cure"),
    )


def license_iri(text: str) -> str:
    """Return the IRI of a licence, given that or its SPDX identifier; nothing for nothing.

    >>> license_iri("cc-by-4.0"), license_iri("")
    ('https://spdx.org/licenses/CC-BY-4.0', '')

    :raises SettingError: it is neither
    """
    if not text or (text.startswith(("http://", "https://")) and not set(text) & set(' <>"{}|\\^`')):
        return text
    with suppress(InvalidLicenseExpression):
        identifier = canonicalize_license_expression(text)
        if " " not in identifier and not identifier.startswith("LicenseRef-"):
            return f"https://spdx.org/licenses/{identifier}"
    raise SettingError(
        Message("setting.license", text=text),
        cure=Message("setting.license_cure"),
    )


def _listed(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[\s,]+", environment.get(name, ""))))


def _rdf_terms(text: str) -> str:
    if text in _RDF_TERMS:
        return text
    raise SettingError(
        Message("setting.rdf_terms", text=text),
        cure=Message("setting.rdf_terms_cure"),
    )


def _server_name(text: str) -> str:
    name = text.strip("[]")
    if re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", name) and not re.search(r"[^:]:\d+$", text):
        return name
    raise SettingError(
        Message("setting.server_names", text=text),
        cure=Message("setting.server_names_cure"),
    )


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise SettingError(
            Message("setting.proxies", text=text),
            cure=Message("setting.proxies_cure"),
        ) from error


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT:
        return int(text)
    raise SettingError(
        Message("setting.port", text=text),
        cure=Message("setting.port_cure"),
    )


def _number(environment: Mapping[str, str], name: str, default: int, least: int = 1, most: int = HIGHEST_NUMBER) -> int:
    text = environment.get(name) or str(default)
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise SettingError(
        Message("setting.number", name=name, text=text),
        cure=Message("setting.number_cure", least=least),
    )
