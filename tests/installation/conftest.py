"""The wheel, built from a clean copy of the checkout and installed where nothing else is."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a source distribution from what git knows, without assets, and the wheel from that.

    The build tool checks that the environment of the tests has what the build requires: none is made for each of both.
    """
    checkout, made = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    for name in filter(lambda name: (ROOT / name).is_file(), names):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, checkout / name)
    tools = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}  # make may have put node there
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(made), str(checkout)]
    subprocess.run(command, env=os.environ | tools, stdout=subprocess.DEVNULL, check=True)
    assert len(list(made.glob("kg-*.tar.gz"))) == 1
    (wheel,) = made.glob("kg-*-py3-none-any.whl")
    return wheel


@pytest.fixture(scope="session")
def public() -> Iterator[Path]:
    """Give a directory that every user can enter, unlike pytest's own."""
    with TemporaryDirectory(prefix="kg-wheel-") as path:
        Path(path).chmod(0o755)
        yield Path(path)


@pytest.fixture
def folder(public: Path) -> Iterator[Path]:
    """Give an empty directory for a server."""
    folder = public / "folder"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kg(wheel: Path, public: Path) -> Path:
    """Install the wheel into a fresh environment, and give its command."""
    environment = public / "venv"
    venv.create(environment)
    options = ["--quiet", "--constraint", str(ROOT / "constraints.txt")]
    install = [sys.executable, "-m", "pip", "--python", str(environment), "install", *options, str(wheel)]
    subprocess.run(install, check=True)
    return environment / "bin" / "kg"
