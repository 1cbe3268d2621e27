"""Apache Jena Fuseki: the server's jar, which Maven fetches, a TDB2 database, and the command that serves it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

NAME = "jena-fuseki-server"
_ARTIFACT = f"org.apache.jena:{NAME}:5.6.0"  # later ones need more than Java 17
_FETCH_SECONDS = 300
_LOGGING = "status = error\nrootLogger.level = warn\n"


def fetch_jar(folder: Path) -> Path | None:
    """Return the server's jar in a folder, fetched first where it is missing; None where Java or Maven is missing."""
    jar = folder / f"{NAME}.jar"
    if not jar.exists() and shutil.which("mvn"):
        options = [f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={folder}", "-Dmdep.stripVersion"]
        command = ["mvn", "--batch-mode", "--quiet", "dependency:copy", *options]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, timeout=_FETCH_SECONDS, capture_output=True, check=False)
    return jar if jar.exists() and shutil.which("java") else None


def configured(jar: Path, triples: Path, folder: Path, port: int) -> list[str]:
    """Load triples into the default graph of a new database; return the command that serves it on loopback.

    Like the other servers, it writes no log line for a request.
    """
    database, logging = folder / "database", folder / "log4j2.properties"
    folder.mkdir()
    logging.write_text(_LOGGING, "ascii")
    load = ["java", "-cp", str(jar), "tdb2.tdbloader", "--loc", str(database), str(triples)]
    subprocess.run(load, capture_output=True, check=True)
    options = ["--localhost", f"--port={port}", "--tdb2", f"--loc={database}"]
    return ["java", f"-Dlog4j.configurationFile={logging}", "-jar", str(jar), *options, "/kg"]
