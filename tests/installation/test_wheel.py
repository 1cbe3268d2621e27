"""The wheel is the whole product: installed anywhere, it serves the owner's page without a checkout or a network."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from kg.build import Build

pytestmark = pytest.mark.installation

ROOT = Path(__file__).parents[2]
VISIT = Path(__file__).with_name("visit.py")
ISOLATED = """
ip link set lo up
if [ -n "$CLOSED" ]; then
  mount --bind "$PREFIX" /mnt
  mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
  mkdir -p "$PREFIX"
  mount --move /mnt "$PREFIX"
fi
mount -t tmpfs -o mode=1777 tmpfs place
for point in / /tmp /var/tmp /dev/shm ${CLOSED:+"$CLOSED"}; do
  mountpoint -q "$point" && mount -o remount,bind,ro "$point"
done
exec setpriv --reuid 12345 --regid 12345 --clear-groups "$@"
"""
"""No network, no file system that can be written but ``place``, and a user without rights and without a name.

The directory of Python's own files that only root may enter is opened to that user."""


def can_isolate() -> bool:
    """Return whether this user may make namespaces."""
    return bool(shutil.which("setpriv")) and not subprocess.run(["unshare", "-m", "-n", "true"], check=False).returncode


def visited(kg: Path, folder: Path, **own: str) -> subprocess.CompletedProcess[str]:
    """Serve from a directory, isolated, and visit the site."""
    (folder / "place").mkdir()
    shutil.copy(VISIT, folder)
    prefix = Path(sys.base_prefix)
    closed = next((str(parent) for parent in reversed(prefix.parents) if not parent.stat().st_mode & 1), "")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KG_", "TMP"))}
    environment |= {"CLOSED": closed, "PREFIX": str(prefix)} | own
    call = ["unshare", "-m", "-n", "sh", "-ec", ISOLATED, "sh", str(kg.with_name("python")), VISIT.name, str(kg)]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.skipif(not can_isolate(), reason="needs unshare and setpriv, as root")
@pytest.mark.parametrize("variable", ["KG_STORE", "TMPDIR"])
def test_it_serves_where_little_is_there(kg: Path, folder: Path, made: Build, variable: str) -> None:
    """Offline, read-only and unprivileged it serves the styled site with the graph of a checkout, byte for byte.

    Without KG_STORE the store is temporary, with a warning.
    """
    answer = visited(kg, folder, **{variable: str(folder / "place")})
    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    assert seen["graph"] == hashlib.sha256(made.quads()).hexdigest()
    assert seen["has_city"]
    assert min(seen["styles"]) > 10_000
    assert ("the store is temporary" in answer.stderr) == (variable == "TMPDIR")


@pytest.mark.skipif(not can_isolate(), reason="needs unshare and setpriv, as root")
def test_without_any_place_it_says_what_to_set(kg: Path, folder: Path) -> None:
    """Where nothing can be written the command fails, and names KG_STORE."""
    answer = visited(kg, folder)
    assert answer.returncode == 3
    assert "Set KG_STORE to a directory that this user can write." in answer.stderr


def test_the_bill_of_materials(kg: Path, tmp_path: Path) -> None:
    """It names each package that the wheel needs, at the version that is pinned, and nothing of the tests."""
    made = tmp_path / "kg.cdx.json"
    subprocess.run(["make", "--silent", "bill", f"ENVIRONMENT={kg.parents[1]}", f"OUT={made}"], cwd=ROOT, check=True)
    bill = json.loads(made.read_text("utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "kg")
    versions = {part["name"].lower(): part["version"] for part in bill["components"]}
    assert versions["pyoxigraph"] == version("pyoxigraph")
    pinned = (ROOT / "constraints.txt").read_text("utf-8").lower().split()
    assert {f"{name}=={number}" for name, number in versions.items() if name != "kg"} <= set(pinned)
    assert not versions.keys() & {"pytest", "mypy", "cyclonedx-bom"}
