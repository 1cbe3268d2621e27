"""The settings, frozen, read once from the environment and handed over."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields
from importlib.resources import files
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

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
_PREFIX = "KG_"


def default_processes() -> int:
    """Return how many processes serve unless it is set: one for each core, at most four."""
    return max(1, min(os.cpu_count() or 1, MOST_PROCESSES))


def _setting(read: Callable[[str, str], Any], default: Any, unit: int = 1) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Declare a setting: what reads its text, given the variable's name too, and the unit of that text."""
    metadata = {"read": read, "unit": unit}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default if unit == 1 else default * unit, metadata=metadata)


def _number(least: int = 1, most: int = HIGHEST_NUMBER) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        raise SettingError(
            Message("setting.number", name=name, text=text),
            cure=Message("setting.number_cure", least=least),
        )

    return read


def _license(_: str, text: str) -> str:
    """Return the IRI of a licence, given that or its SPDX identifier.

    >>> _license("KG_LICENSE", "cc-by-4.0")
    'https://spdx.org/licenses/CC-BY-4.0'

    :raises SettingError: it is neither
    """
    if text.startswith(("http://", "https://")) and not set(text) & set(' <>"{}|\\^`'):
        return text
    with suppress(InvalidLicenseExpression):
        identifier = canonicalize_license_expression(text)
        if " " not in identifier and not identifier.startswith("LicenseRef-"):
            return f"https://spdx.org/licenses/{identifier}"
    raise SettingError(
        Message("setting.license", text=text),
        cure=Message("setting.license_cure"),
    )


def _rdf_terms(_: str, text: str) -> str:
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


def _port(_: str, text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT:
        return int(text)
    raise SettingError(
        Message("setting.port", text=text),
        cure=Message("setting.port_cure"),
    )


def _base_iri(_: str, text: str) -> str:
    return base_iri(text)


def _text(_: str, text: str) -> str:
    return text


def _path(_: str, text: str) -> Path:
    return Path(text)


def _listed(read: Callable[[str], object]) -> Callable[[str, str], tuple[object, ...]]:
    return lambda _, text: tuple(map(read, filter(None, re.split(r"[\s,]+", text))))


def _places() -> tuple[Path, Path]:
    """Return the default home and the directory of the default store.

    The wheel carries the home in the package, and its store is in the working directory; a checkout has both.
    """
    package = Path(str(files("kg")))
    checkout = package.parents[1]
    return (carried, Path()) if (carried := package / "home").is_dir() else (checkout, checkout)


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, with its default: the field ``port`` by the variable ``KG_PORT``, and so on.

    ``home`` is the folder that holds ``data/``, ``ontology/`` and ``shapes/``; ``store`` holds the versions. So many
    ``processes`` serve. A query has ``query_seconds`` and ``query_memory``, its answer ``result_size``, the body of a
    request ``body_size``; ``hot_size`` is for answers kept hot (all in bytes, the variables in MiB); so many requests
    may wait in the ``queue``. Validating a change has ``gate_seconds`` and ``gate_memory``. SERVICE and LOAD reach
    ``allowed_hosts`` alone: names, or ``address:port`` for what is not on the public network. What one of the
    ``trusted_proxies`` says of scheme, host and path prefix is believed. Addresses are built from a ``Host`` that is
    one of the ``allowed_server_names``, the host of the settings or of the base IRI, or local. Each request is a line
    of ``access_log`` (``stderr``, ``off`` or a file). A version has at most ``capacity`` quads; versions beyond
    ``keep_versions`` or older than ``keep_days`` are pruned (None: never). The graphs of the dataset take what every
    form of ``rdf_terms`` (RDF ``1.1``) can carry, or all terms of RDF ``1.2``. The ``license`` of the data is an IRI,
    empty where its owner stated none.
    """

    home: Path = field(metadata={"read": _path, "unit": 1})
    store: Path = field(metadata={"read": _path, "unit": 1})
    host: str = _setting(_text, "localhost")
    port: int = _setting(_port, 8000)
    processes: int = _setting(_number(), default_processes)
    base_iri: str = _setting(_base_iri, DEFAULT_BASE_IRI)
    query_seconds: float = _setting(_number(), 10)
    query_memory: int = _setting(_number(LEAST_QUERY_MEMORY), 512, MEBIBYTE)
    result_size: int = _setting(_number(), 256, MEBIBYTE)
    body_size: int = _setting(_number(), 32, MEBIBYTE)
    hot_size: int = _setting(_number(), 64, MEBIBYTE)
    queue: int = _setting(_number(), 128)
    gate_seconds: float = _setting(_number(), 120)
    gate_memory: int = _setting(_number(LEAST_QUERY_MEMORY), 2048, MEBIBYTE)
    allowed_hosts: tuple[str, ...] = _setting(_listed(str), ())
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _setting(_listed(_network), ())
    allowed_server_names: tuple[str, ...] = _setting(_listed(_server_name), ())
    access_log: str = _setting(_text, "stderr")
    capacity: int = _setting(_number(most=HIGHEST_CAPACITY), 1_000_000)
    rdf_terms: str = _setting(_rdf_terms, "1.1")
    license: str = _setting(_license, "")
    keep_versions: int | None = _setting(_number(), None)
    keep_days: int | None = _setting(_number(), None)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the ``KG_`` variables; an empty one is not set.

        Unless it is set, the store is ``.kg`` in the checkout or in ``KG_HOME``; of an installed wheel, in the
        working directory.

        :raises SettingError: a variable has a value that it cannot have, or an unknown name

        >>> Settings.from_environment({"KG_PORT": "8080", "KG_CAPACITY": "2000000"}).port
        8080
        """
        known = {_variable(one): one for one in fields(cls)}
        for name in sorted(environment):
            if name.startswith(_PREFIX) and name not in known:
                raise _unknown(name, known)
        values = {one.name: _read(one, name, text) for name, one in known.items() if (text := environment.get(name))}
        home, folder = (values["home"], values["home"]) if "home" in values else _places()
        return cls(**{"home": home, "store": folder / ".kg", **values})

    def listed(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each variable with the text that gives the setting its value; empty for none.

        >>> dict(Settings(Path("/home"), Path("/store")).listed())["KG_BODY_SIZE"]
        '32'
        """
        for one in fields(self):
            value, unit = getattr(self, one.name), one.metadata["unit"]
            if isinstance(value, tuple):
                yield _variable(one), ",".join(map(str, value))
            else:
                yield _variable(one), "" if value is None else str(value // unit if unit > 1 else value)


def _read(one: Field[Any], name: str, text: str) -> Any:  # noqa: ANN401 - the type of the field
    value, unit = one.metadata["read"](name, text), one.metadata["unit"]
    return value * unit if unit > 1 else value


def _variable(one: Field[Any]) -> str:
    return f"{_PREFIX}{one.name.upper()}"


def _unknown(name: str, known: Mapping[str, object]) -> SettingError:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
    return SettingError(
        Message("setting.unknown", name=name),
        cure=Message("setting.unknown_cure", nearest=nearest),
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
