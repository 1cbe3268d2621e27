"""The examples of a deployment: each is started or checked by the program that it is for."""

import getpass
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest

from serving import served

pytestmark = pytest.mark.installation

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
LEAST_EXPOSED = 2.0
"""What systemd calls OK, with the namespaces that the workers need."""


def test_the_container_file(tmp_path: Path) -> None:
    """The linter finds nothing, each copied path exists, and a container engine, where there is one, builds it."""
    file = EXAMPLES / "Containerfile"
    subprocess.run([str(Path(sys.executable).with_name("hadolint")), str(file)], check=True)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", file.read_text("utf-8"), re.MULTILINE)
    assert all((ROOT / name).exists() for names in copied for name in names.split())
    for engine in ("podman", "docker"):
        if shutil.which(engine) and not subprocess.run([engine, "info"], capture_output=True, check=False).returncode:
            options = ["--file", str(file), "--iidfile", str(tmp_path / "image")]
            subprocess.run([engine, "build", *options, str(ROOT)], check=True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_systemd_unit(kg: Path, tmp_path: Path) -> None:
    """It has no mistake where the command is installed, and is hardened."""
    unit = tmp_path / "kg.service"
    unit.write_text((EXAMPLES / "kg.service").read_text("utf-8").replace("/opt/kg/bin/kg", str(kg)), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=True)
    assert verified.stderr == ""
    analysed = ["systemd-analyze", "security", "--offline=true", str(unit)]
    report = subprocess.run(analysed, capture_output=True, text=True, check=True).stdout
    (exposure,) = re.findall(r"Overall exposure level for kg.service: ([\d.]+)", report)
    assert float(exposure) <= LEAST_EXPOSED


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> Path:
    """Make a certificate for localhost, with its key beside it."""
    made = folder / "certificate.pem"
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*request, *names, "-keyout", folder / "key.pem", "-out", made], capture_output=True, check=True)
    return made


@contextmanager
def nginx(folder: Path, kg: str) -> Iterator[tuple[int, int]]:
    """Run nginx with the example, with ports of its own; give those for HTTP and HTTPS."""
    plain, secure = free_port(), free_port()
    server = (EXAMPLES / "nginx.conf").read_text("utf-8")
    for expected, own in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("data.example.org;", "localhost;"),
        ("/etc/ssl/certs/data.example.org.pem", str(certificate(folder))),
        ("/etc/ssl/private/data.example.org.key", str(folder / "key.pem")),
        ("http://127.0.0.1:8000/", f"http://127.0.0.1:{urlsplit(kg).port}/"),
    ):
        assert expected in server
        server = server.replace(expected, own)
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    own = f"daemon off; pid {folder}/pid; error_log stderr; user {getpass.getuser()};"  # who may enter the directory
    file.write_text(f"{own} events {{}}\nhttp {{ access_log off; {places}\n{server} }}", "utf-8")
    with subprocess.Popen(["nginx", "-p", folder, "-e", "stderr", "-c", file]) as process:
        try:
            _wait_for(secure)
            yield plain, secure
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError


def read(address: str, trust: ssl.SSLContext, **fields: str) -> str:
    """Read a document over TLS, with header fields."""
    request = Request(address, headers={name.replace("_", "-"): value for name, value in fields.items()})  # noqa: S310
    with urlopen(request, timeout=30, context=trust) as answer:  # noqa: S310 - an address of nginx
        return str(answer.read().decode())


@pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin:/usr/bin"), reason="needs nginx")
def test_nginx_with_tls_and_a_prefix(built_store: Path, tmp_path: Path) -> None:
    """Behind nginx every address has https, host and prefix, whatever a client claims, and plain HTTP is redirected."""
    shutil.copytree(built_store, tmp_path / "store")
    with served(tmp_path / "store", KG_TRUSTED_PROXIES="127.0.0.1") as kg, nginx(tmp_path, kg) as (plain, secure):
        trust = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
        home = f"https://localhost:{secure}/kg/"
        page = read(home, trust, X_Forwarded_Host="evil.example", X_Forwarded_Prefix="/evil")
        assert "evil" not in page
        (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert urljoin(home, style).startswith(f"{home}assets/")
        assert len(read(urljoin(home, style), trust)) > 10_000
        assert home in read(f"{home}sitemap.xml", trust)
        redirected = HTTPConnection("localhost", plain, timeout=30)
        redirected.request("GET", "/kg/")
        assert redirected.getresponse().getheader("Location") == "https://localhost/kg/"
        redirected.close()
