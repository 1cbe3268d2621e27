"""Starting and stopping the HTTP server."""

from __future__ import annotations

import errno
import gc
import http.client
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

from granian.constants import Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from kg.auth import TokenStore
from kg.build import WorkerExtension
from kg.domain import AddressInUseError, Iris, KgError, Settings, StoreError
from kg.locales import Message
from kg.sparql import warm_up
from kg.store import Head, Policy, Store
from kg.web.access_log import AccessLog
from kg.web.api.assistants import require_extra
from kg.web.api.metrics import Gauge, Metrics
from kg.web.app import create_app
from kg.web.direct_answers import DirectAnswers
from kg.web.disk_use import DiskUse
from kg.web.front import Bounds, Front
from kg.web.housekeeping import IdleTimeouts, limit_arenas, start_housekeeping
from kg.web.http.authorization import token_guard
from kg.web.http.hosts import ServerNames
from kg.web.site import site_of
from kg.workers import (
    Budgets,
    InProcessEvaluator,
    Limits,
    ServingEvaluator,
    Slots,
    Supervisor,
    WorkerContext,
    WorkerPool,
    catch_up,
    die_with_parent,
    error_from_body,
    error_to_body,
    memory_of,
    read_destinations,
)

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
"""Longer than ``GRACE_SECONDS``, and shorter than the 10 s after which containers are killed."""
_SUSPENDED = 12
"""Slots for suspended queries: each keeps the memory that it has allocated."""
_LOADED = b"."
_FAILED = b"!"


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; call ``ready`` with the address once the serving processes answer.

    :raises AddressInUseError: another program listens at the address
    :raises StoreError: no worker can be started, or the head cannot be loaded
    """
    limit_arenas()
    gc.disable()  # all that is loaded stays, and each collection would traverse it
    bound = replace(settings, port=_free_port(settings))
    worker_context = _worker_context(settings)
    warm_up()
    in_process = InProcessEvaluator(worker_context.queried_graphs)
    if current := worker_context.store.current():
        catch_up(worker_context.head)
        in_process.adopt(current, current.identity, worker_context.head.engine(current))
    gc.collect()
    gc.freeze()
    gc.enable()
    with closing(Supervisor(worker_context)) as supervisor:
        _serve(bound, supervisor, in_process, ready)


def serve_assistant(settings: Settings) -> None:
    """Serve the tools of the MCP server over standard input and output until the input ends.

    Queries have the limits that they have over HTTP.

    :raises StoreError: there is no version, or no worker can be started
    :raises NotFoundError: the extra is not installed
    """
    require_extra()
    from kg.web.assistant_tools import build_server  # noqa: PLC0415 - an extra

    worker_context = _worker_context(settings)
    worker_context.store.require_current()
    catch_up(worker_context.head)
    with (
        closing(Supervisor(worker_context)) as supervisor,
        closing(WorkerPool(supervisor.control, _budgets(replace(settings, processes=1)))) as pool,
    ):
        build_server(site_of(create_app(settings, evaluator=pool))).run("stdio")


def _serve(
    settings: Settings, supervisor: Supervisor, in_process: InProcessEvaluator, ready: Callable[[str], None]
) -> None:
    loaded, loaded_in_process = os.pipe()
    server = Server(
        target="kg",
        address=_ip_address(settings),
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=settings.processes,
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
    metrics = Metrics(settings.processes)
    failures: list[KgError] = []
    announcer = threading.Thread(target=_announce, args=(loaded, settings, ready, failures), daemon=True)
    announcer.start()
    load = partial(_load, settings, supervisor, in_process, metrics, loaded_in_process)
    server.serve(target_loader=load, wrap_loader=False)
    for failure in failures:
        raise failure


def _worker_context(settings: Settings) -> WorkerContext:
    """Return the state that workers inherit; the head is not loaded yet."""
    store, iris = Store(settings.store), Iris(settings.base_iri)
    return WorkerContext(
        store,
        Head(store, iris.queried_graphs()),
        iris.queried_graphs(),
        {
            "query": Limits(settings.query_memory, settings.result_size),
            "update": Limits(settings.gate_memory, settings.gate_memory),
        },
        read_destinations(settings.allowed_hosts),
        WorkerExtension(store, settings.home.resolve(), iris),
        in_every_form=settings.rdf_terms == "1.1",
    )


def _load(
    settings: Settings, supervisor: Supervisor, in_process: InProcessEvaluator, metrics: Metrics, loaded: int
) -> Any:  # noqa: ANN401 - granian's types know no RSGI application
    """Assemble the RSGI application in a serving process."""
    die_with_parent()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sys.setswitchinterval(_SWITCH_SECONDS)
    store = Store(settings.store, Policy.of(settings))
    iris = Iris(settings.base_iri)
    pool = _pool(settings, supervisor, metrics, loaded)
    evaluator = ServingEvaluator(in_process, pool)
    bounds = Bounds(
        settings.body_size,
        settings.hot_size,
        threads=_THREADS,
        queue=settings.queue,
        trusted=settings.trusted_proxies,
        names=ServerNames.of(settings),
    )
    front = Front(
        create_app(settings, evaluator=evaluator, metrics=metrics).wsgi_app,
        store,
        bounds,
        direct=DirectAnswers(evaluator.answer_if_cheap, iris, settings.license),
        metrics=metrics,
        close=pool.close,
        guard=token_guard(TokenStore(settings.store)),
        log=AccessLog(settings.access_log),
    )
    metrics.observe(_gauges(front, pool, store), lambda: front.response_cache.hits)
    timeouts = IdleTimeouts(_HEADER_SECONDS, _IDLE_SECONDS + 2 * settings.query_seconds)
    start_housekeeping(settings.port, timeouts, metrics.publish)
    os.write(loaded, _LOADED)
    return front


def _gauges(front: Front, pool: WorkerPool, store: Store) -> tuple[Gauge, ...]:
    def version() -> float:
        current = store.current()
        return current.number if current else 0

    tokens = TokenStore(store.path)
    return (
        Gauge("kg_requests_at_work", "Requests being answered or waiting for it", lambda: front.in_flight),
        Gauge("kg_queries_waiting", "Queries that wait for a worker", lambda: pool.waiting),
        Gauge("kg_workers", "Workers for short queries", lambda: pool.workers),
        Gauge("kg_hot_bytes", "Bytes of the answers that are kept", lambda: front.response_cache.used_bytes),
        Gauge("kg_body_bytes", "Bytes of the bodies that are being received", lambda: front.bodies.bytes_held),
        Gauge("kg_memory_bytes", "Bytes that the processes which serve hold of their own", memory_of),
        Gauge("kg_damaged_versions", "Damaged commits in quarantine", lambda: len(store.quarantined()), is_common=True),
        Gauge("kg_damaged_files", "Damaged files beside the commits", lambda: len(tokens.damaged()), is_common=True),
        Gauge("kg_store_bytes", "Bytes that the store takes on the disk", DiskUse(store.path).bytes, is_common=True),
        Gauge("kg_version", "The current version of the graph", version, is_common=True),
    )


def _pool(settings: Settings, supervisor: Supervisor, metrics: Metrics, loaded: int) -> WorkerPool:
    """Start the worker pool; on failure report the error to the master process, and wait to be terminated."""
    try:
        return WorkerPool(supervisor.control, _budgets(settings), metrics.instrumentation)
    except StoreError as error:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.write(loaded, _FAILED + error_to_body(error))
        signal.pause()
        raise


def _budgets(settings: Settings) -> Budgets:
    """Return the slots of one serving process: its share of the machine's."""
    processors, processes = os.cpu_count() or 1, settings.processes
    slots = Slots(
        running=-(-(processors + 1) // processes),
        demoted=-(-processors // processes),
        suspended=-(-_SUSPENDED // processes),
        queue=-(-settings.queue // processes),
    )
    return Budgets(settings.query_seconds, settings.gate_seconds, slots)


def _announce(loaded: int, settings: Settings, ready: Callable[[str], None], failures: list[KgError]) -> None:
    """Wait until all processes have loaded and one answers, then call ``ready``; hold no lock that a fork could copy.

    If a process reports an error instead, add it to ``failures``, and stop.
    """
    for _ in range(settings.processes):
        said = os.read(loaded, 1)
        if said == _FAILED:
            failures.append(error_from_body(os.read(loaded, select.PIPE_BUF)))
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
    """Return the port to bind; a free one for 0."""
    address = _ip_address(settings)
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, settings.port))
        except OSError as error:
            raise _in_use(settings, error) from error
        return int(probe.getsockname()[1])


def _in_use(settings: Settings, error: OSError) -> AddressInUseError:
    reason = Message("command.address_in_use") if error.errno == errno.EADDRINUSE else error.strerror
    return AddressInUseError(
        Message("command.cannot_listen", host=settings.host, port=settings.port, reason=reason),
        cure=Message("command.cannot_listen_cure"),
    )
