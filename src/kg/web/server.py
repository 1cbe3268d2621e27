"""Starting and stopping the HTTP server."""

from __future__ import annotations

import errno
import gc
import http.client
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from granian.constants import Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from kg.errors import AddressInUseError, KgError, Message, StoreError
from kg.gate import ValidatingGate
from kg.iri import Iris
from kg.remembering import Remembering
from kg.settings import Settings
from kg.store.allowed import read_destinations
from kg.store.confinement import die_with_parent
from kg.store.processes import memory_of
from kg.store.retention import Policy
from kg.store.tokens import Tokens
from kg.store.versions import Store
from kg.store.wire import error_from_message, error_to_message
from kg.store.workers import Budgets, WorkerPool
from kg.web.access_log import AccessLog
from kg.web.app import create_app
from kg.web.authorization import token_guard
from kg.web.commit_tally import DiskUse
from kg.web.front import Bounds, Front
from kg.web.hosts import ServerNames
from kg.web.metrics import Gauge, Metrics
from kg.web.quick import QuickWay
from kg.web.upkeep import Patience, keep_up

_LOGGING = {
    "handlers": {
        "console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"},
        "access": {"formatter": "access", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"},
    }
}
_HEADER_SECONDS = 10
_IDLE_SECONDS = 60
_MOST_CONNECTIONS = 4096
_THREADS = 32
_SWITCH_SECONDS = 0.001
_STOP_SECONDS = 9
"""More than ``GRACE_SECONDS``, and less than the ten after which containers are killed."""
_LOADED = b"."


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is given the address once the server truly answers.

    :raises AddressInUseError: another program listens at the address
    :raises StoreError: no worker can be born
    """
    read_destinations(settings.allowed_hosts)
    bound = replace(settings, port=_free_port(settings))
    loaded, loaded_in_worker = os.pipe()
    server = Server(
        target="kg",
        address=_ip_address(bound),
        port=bound.port,
        interface=Interfaces.RSGI,
        workers=1,
        backlog=_MOST_CONNECTIONS,
        backpressure=_MOST_CONNECTIONS,
        websockets=False,
        loop=Loops.uvloop,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS * 1000),
        log_dictconfig=_LOGGING,
        log_level=LogLevels.error,
        workers_kill_timeout=_STOP_SECONDS,
        respawn_failed_workers=True,
    )
    failures: list[KgError] = []
    announcer = threading.Thread(target=_announce, args=(loaded, bound, ready, failures), daemon=True)
    announcer.start()
    server.serve(target_loader=partial(_load, bound, loaded_in_worker), wrap_loader=False)
    for failure in failures:
        raise failure


def _load(settings: Settings, loaded: int) -> Any:  # noqa: ANN401 - granian's types know no RSGI application
    """Put the server together, in the process that serves."""
    die_with_parent()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sys.setswitchinterval(_SWITCH_SECONDS)
    store = Store(settings.store, Policy.of(settings))
    iris = Iris(settings.base_iri)
    pool = _pool(settings, store, iris, loaded)
    gate = ValidatingGate(settings)
    bounds = Bounds(
        settings.body_size,
        settings.hot_size,
        threads=_THREADS,
        queue=settings.queue,
        trusted=settings.trusted_proxies,
        names=ServerNames.of(settings),
    )
    metrics = Metrics(tally=pool.tally)
    front = Front(
        create_app(settings, evaluator=pool, gate=gate, metrics=metrics).wsgi_app,
        store,
        bounds,
        quick=partial(QuickWay, pool, iris),
        close=partial(_close, pool, gate),
        guard=token_guard(Tokens(settings.store)),
        log=AccessLog(settings.access_log),
    )
    _measure(metrics, front, pool, store)
    keep_up(settings.port, Patience(_HEADER_SECONDS, _IDLE_SECONDS + 2 * settings.query_seconds))
    gc.collect()
    gc.freeze()
    os.write(loaded, _LOADED)
    return front


def _close(pool: WorkerPool, gate: ValidatingGate) -> None:
    pool.close()
    gate.close()


def _measure(metrics: Metrics, front: Front, pool: WorkerPool, store: Store) -> None:
    """Have the metrics tell of a server that is put together."""

    def version() -> float:
        current = store.current()
        return current.number if current else 0

    tokens = Tokens(store.path)
    metrics.requests, metrics.hot_hits = front.requests, lambda: front.hot.hits
    metrics.gauges = (
        Gauge("kg_requests_at_work", "Requests being answered or waiting for it", lambda: front.at_work),
        Gauge("kg_queries_waiting", "Queries that wait for their turn", lambda: pool.waiting),
        Gauge("kg_workers", "Workers alive for the fast lane", lambda: pool.alive),
        Gauge("kg_hot_bytes", "Bytes of the answers that are kept", lambda: front.hot.taken),
        Gauge(
            "kg_body_bytes", "Bytes of the bodies that are being received or answered", lambda: front.bodies.bytes_held
        ),
        Gauge("kg_memory_bytes", "Bytes that the process which serves holds", memory_of),
        Gauge("kg_damaged_versions", "Versions that are damaged and were set aside", lambda: len(store.damaged())),
        Gauge("kg_damaged_files", "Files beside the versions that are damaged", lambda: len(tokens.damaged())),
        Gauge("kg_store_bytes", "Bytes that the store takes on the disk", DiskUse(store.path).bytes),
        Gauge("kg_version", "The current version of the graph", version),
    )


def _pool(settings: Settings, store: Store, iris: Iris, loaded: int) -> WorkerPool:
    """Start the workers; tell the process that started us why there can be none, and wait for it to end us."""
    try:
        remembering = Remembering(store, iris)
        return WorkerPool(_budgets(settings), store.current(), iris.queried_graphs(), remembering.lines, store.step)
    except StoreError as error:
        os.write(loaded, json.dumps(error_to_message(error)).encode())
        signal.pause()
        raise


def _budgets(settings: Settings) -> Budgets:
    processors = os.cpu_count() or 1
    return Budgets(
        seconds=settings.query_seconds,
        memory=settings.query_memory,
        answer=settings.result_size,
        fast=processors + 1,
        slow=processors,
        queue=settings.queue,
        allowed=read_destinations(settings.allowed_hosts),
    )


def _announce(loaded: int, settings: Settings, ready: Callable[[str], None], failures: list[KgError]) -> None:
    """Wait until the worker has loaded and answers, then say so; before, hold no lock that a fork could copy.

    Where it says instead why it cannot load, keep that, and stop.
    """
    said = os.read(loaded, select.PIPE_BUF)
    if said.startswith(b"{"):
        failures.append(error_from_message(json.loads(said)))
        os.kill(os.getpid(), signal.SIGTERM)
    if said != _LOADED:
        return
    while not _answers(settings):
        time.sleep(0.01)
    ready(f"http://{_in_iri(settings.host)}:{settings.port}/")


def _answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(_ip_address(settings), settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _ip_address(settings: Settings) -> str:
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    families = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
    return str(families[0][4][0])


def _in_iri(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free_port(settings: Settings) -> int:
    """Return the port to bind: the one that is set, or a free one for 0."""
    address = _ip_address(settings)
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, settings.port))
        except OSError as error:
            raise _in_use(settings, error) from error
        return int(probe.getsockname()[1])


def _in_use(settings: Settings, error: OSError) -> AddressInUseError:
    reason = "another program does" if error.errno == errno.EADDRINUSE else error.strerror
    return AddressInUseError(
        Message(
            ko=f"{settings.host}:{settings.port}에서 서비스할 수 없습니다: {error.strerror}.",
            en=f"Cannot listen at {settings.host}:{settings.port}: {reason}.",
        ),
        cure=Message(ko="KG_PORT로 다른 포트를 지정하십시오.", en="Give another port with KG_PORT."),
    )
