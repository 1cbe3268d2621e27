"""Virtuoso's configuration, with room for as many connections as there will be, and its loading."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from conformance.live_server import LOOPBACK

GRAPH = "https://kg.seocho.example/"
_POLL_SECONDS = 0.5
_CONFIGURATION = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = {address}:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
MaxQueryMem = 1G
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = {address}:{http}
ServerRoot = {folder}
ServerThreads = 40
MaxClientConnections = 40
MaxKeepAlives = 40
KeepAliveTimeout = 15
EnabledGzipContent = 0
[SPARQL]
ResultSetMaxRows = 1000000
"""


def configured(folder: Path, ports: tuple[int, int]) -> Path:
    """Write a configuration for two ports (of SQL, of HTTP) and return its path."""
    folder.mkdir()
    path = folder / "virtuoso.ini"
    path.write_text(_CONFIGURATION.format(folder=folder, address=LOOPBACK, sql=ports[0], http=ports[1]), "utf-8")
    return path


def run_sql(port: int, text: str) -> bool:
    """Run statements; tell whether all went well."""
    command = ["isql-vt", f"{LOOPBACK}:{port}", "dba", "dba", "ERRORS=STDOUT", f"EXEC={text}"]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return ran.returncode == 0 and "***" not in ran.stdout


def load(port: int, triples: Path, folder: Path, seconds: float) -> None:
    """Load triples into one graph by way of the server's folder, as soon as it takes statements.

    :raises TimeoutError: it did not
    """
    deadline = time.monotonic() + seconds
    while not run_sql(port, "SELECT 1;"):
        if time.monotonic() > deadline:
            raise TimeoutError("Virtuoso takes no statements")
        time.sleep(_POLL_SECONDS)
    copy = folder / "graph.nt"
    shutil.copyfile(triples, copy)
    if not run_sql(port, f"DB.DBA.TTLP(file_to_string_output('{copy}'), '', '{GRAPH}', 0); checkpoint;"):
        raise TimeoutError("Virtuoso did not load the graph")
