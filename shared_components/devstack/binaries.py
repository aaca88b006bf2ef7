"""Find the servers' binaries, or install them with apt (as root) without leaving a system service running."""
from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shared_components.devstack.processes import ServerUnavailable

PACKAGES = {
    "RabbitMQ": "rabbitmq-server", "PostgreSQL": "postgresql", "nginx": "nginx-light", "Chromium": "chromium",
    "pdftotext": "poppler-utils", "promtool": "prometheus", "kubectl": "kubernetes-client", "NATS": "nats-server",
    "Patroni": "patroni python3-etcd", "etcd": "etcd-server",
    "Fonts of documents": "fonts-babelstone-han fonts-hanazono fonts-noto-core",
}
UNITS = {
    "RabbitMQ": ["rabbitmq-server", "epmd.socket", "epmd"], "PostgreSQL": ["postgresql"], "nginx": ["nginx"],
    "Patroni": ["patroni"], "etcd": ["etcd"],
    "Chromium": [], "NATS": ["nats-server"], "promtool": ["prometheus", "prometheus-node-exporter"],
}
FONTS = Path("/usr/share/fonts/truetype")


def rabbitmq_folder() -> Path:
    """The folder with rabbitmq-server and rabbitmqctl themselves, not Debian's wrappers that switch the user."""
    return _required("RabbitMQ", _find_rabbitmq)


def postgresql_folder() -> Path:
    """The folder with initdb and postgres; the newest installed version."""
    return _required("PostgreSQL", _find_postgresql)


def nginx() -> Path:
    """The reverse proxy's program, outside the PATH of ordinary users."""
    return _required("nginx", _find_nginx)


def chromium() -> Path:
    """The browser's program."""
    return _required("Chromium", _find_chromium)


def pdftotext() -> Path:
    """The program that reads the text of a PDF."""
    return _required("pdftotext", _find_pdftotext)


def nats_server() -> Path:
    """The NATS server's program, outside the PATH of ordinary users."""
    return _required("NATS", _find_nats)


def patroni() -> Path:
    """The program that runs PostgreSQL and decides which of its servers is the primary."""
    return _required("Patroni", lambda: _on_the_path("patroni"))


def etcd() -> Path:
    """The store in which Patroni's nodes agree on the primary."""
    return _required("etcd", lambda: _on_the_path("etcd"))


def promtool() -> Path:
    """The program that checks and tests Prometheus's rules."""
    return _required("promtool", lambda: _on_the_path("promtool"))


def kubectl() -> Path:
    """The program that renders and applies Kubernetes's objects."""
    return _required("kubectl", lambda: _on_the_path("kubectl"))


def document_fonts() -> Path:
    """The folder with the fonts that payment sets documents in."""
    return _required("Fonts of documents", _find_document_fonts)


def epmd() -> Path:
    """Erlang's port mapper, which every RabbitMQ node needs."""
    found = shutil.which("epmd") or next(map(str, Path("/usr/lib/erlang").glob("erts-*/bin/epmd")), None)
    if found is None:
        raise ServerUnavailable("epmd is not found; it belongs to Erlang: apt-get install rabbitmq-server")
    return Path(found)


def _find_rabbitmq() -> Path | None:
    for folder in (Path("/usr/lib/rabbitmq/bin"), *_on_path("rabbitmq-server")):
        if (folder / "rabbitmq-server").is_file() and (folder / "rabbitmqctl").is_file():
            return folder
    return None


def _find_postgresql() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    for folder in (*versions, *_on_path("initdb")):
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    return None


def _find_nginx() -> Path | None:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return Path(found) if found else None


def _find_chromium() -> Path | None:
    found = shutil.which("chromium")
    return Path(found) if found else None


def _find_pdftotext() -> Path | None:
    found = shutil.which("pdftotext")
    return Path(found) if found else None


def _find_nats() -> Path | None:
    found = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
    return Path(found) if found else None


def _find_document_fonts() -> Path | None:
    files = ("babelstone/BabelStoneHan.ttf", "hanazono/HanaMinB.ttf", "noto/NotoSerif-Regular.ttf")
    return FONTS if all((FONTS / file).is_file() for file in files) else None


def _on_the_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _on_path(name: str) -> list[Path]:
    found = shutil.which(name)
    return [Path(found).resolve().parent] if found else []


def _required(server: str, find: Callable[[], Path | None]) -> Path:
    found = find()
    if found is None:
        with _one_at_a_time():
            # Another process of the tests may have installed it meanwhile.
            found = find()
            if found is None:
                _install(server)
                found = find()
    if found is None:
        raise ServerUnavailable(f"{server} is not found after installing {PACKAGES[server]!r}")
    return found


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """apt-get refuses to run twice at once."""
    with (Path(tempfile.gettempdir()) / f"zhongtai-install-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(server: str) -> None:
    package = PACKAGES[server]
    hint = f"{server} is not installed; install it: sudo apt-get install --no-install-recommends {package}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ServerUnavailable(hint)
    sys.stderr.write(f"{server} is not installed: installing {package} with apt-get\n")
    # RUNLEVEL=1: Debian's invoke-rc.d then starts no service, and no policy file has to be changed for it.
    environment = {**os.environ, "RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *package.split()]):
        done = subprocess.run(["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            raise ServerUnavailable(f"{hint} (apt-get {command[0]} failed: {_last_line(done.stderr)})")
    _stop_services(server)


def _stop_services(server: str) -> None:
    """systemd starts services in spite of RUNLEVEL: stop and disable what this installation brought."""
    if UNITS.get(server) and Path("/run/systemd/system").is_dir() and shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", "--now", *UNITS[server]], capture_output=True, check=False)


def _last_line(output: bytes) -> str:
    return next(reversed(output.decode(errors="replace").strip().splitlines()), "no message")
