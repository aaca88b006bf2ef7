"""`make up` and `make down`: the platform on private RabbitMQ and PostgreSQL, one process a service, in the background.

`up` starts a keeper in a session of its own, which starts the servers and `zhongtai run`, and returns when the gateway
is ready; `down` ends the keeper, and everything else ends with it. What they know of each other is in var/stack/, where
the servers' data stay: the next `up` goes on with them. `clean-data` removes them, and those of `zhongtai run`.
With --cluster the servers are three RabbitMQ nodes and a PostgreSQL primary with its standby (cluster.py), which keep
nothing; `kill NODE` ends one of them as if its machine had ended.
A private broker has the shipped users, rights and policies, and the AMQP proxy before it (rehearsal.py).
Servers named by ZHONGTAI_TEST_BROKER_URL and ZHONGTAI_TEST_DATABASE_URL are used instead of private ones.
"""
from __future__ import annotations

import argparse
import contextlib
import fcntl
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from shared_components.devstack.cluster import BOOT_S, PRIMARY, Cluster, Nodes, primary_of
from shared_components.devstack.kept_data import SECRETS, megabytes, reaches
from shared_components.devstack.postgresql import unprivileged_user
from shared_components.devstack.processes import Launch, ServerUnavailable, SupervisedProcess
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rabbitmq_cluster import RabbitMQCluster
from shared_components.devstack.rehearsal import APP_VARIABLES, prepare, start_proxy, start_sync
from shared_components.devstack.servers import PostgreSQL, RabbitMQ, start_postgresql, start_rabbitmq

FOLDER = Path("var/stack")
KEPT = {"RabbitMQ": FOLDER / "rabbitmq", "PostgreSQL": FOLDER / "postgresql"}
STATE, LOG = FOLDER / "state.json", FOLDER / "platform.log"
READY_TIMEOUT_S, CLUSTER_READY_TIMEOUT_S = 120.0, 300.0
STOP_TIMEOUT_S = 60.0
INTERRUPTED = 130
PORT_VARIABLE = "ZHONGTAI_HTTP_PORT"
# What `zhongtai run` says when it could not put the seed, and what it greets with.
SEED_FAILED = "zhongtai: the seed could not be put: "
ADDRESS = re.compile(r"^HTTP\s+(http://\S+)", re.MULTILINE)
SETTINGS = re.compile(r"^settings\s+(\S.*)$", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shared_components.devstack.stack", description=__doc__)
    parser.add_argument("what", choices=["up", "down", "keep", "kill", "clean-data"])
    parser.add_argument("node", nargs="?", default="", help="of kill")
    parser.add_argument("--workers", action="append", default=[], metavar="SERVICE:N")
    parser.add_argument("--cluster", action="store_true")
    options = parser.parse_args(arguments)
    try:
        return {
            "up": lambda: up(options.workers, cluster=options.cluster), "down": down,
            "keep": lambda: keep(options.workers, cluster=options.cluster), "kill": lambda: kill(options.node),
            "clean-data": clean_data,
        }[options.what]()
    except ServerUnavailable as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED


def up(workers: Sequence[str], *, cluster: bool = False) -> int:
    if _keeper() is not None:
        return _up_already()
    wrong = _check(workers)
    if wrong:
        return wrong
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "shared_components.devstack.stack", "keep"]
    command += [word for one in workers for word in ("--workers", one)] + ["--cluster"] * cluster
    LOG.unlink(missing_ok=True)
    with LOG.open("ab") as log:
        keeper = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        _write_state(keeper.pid, {})  # At once, so that `make down` finds what is still starting.
        return _await(keeper, CLUSTER_READY_TIMEOUT_S if cluster else READY_TIMEOUT_S)
    except BaseException:
        _discard(keeper)
        raise


def _check(workers: Sequence[str]) -> int:
    """Let the platform say what it would refuse before the servers are started for nothing; its exit code."""
    # Their addresses are not known yet; these are of the same kind, and nobody connects to them.
    urls = {"ZHONGTAI_BROKER_URL": "amqp://127.0.0.1/", "ZHONGTAI_DATABASE_URL": "postgresql://"}
    return subprocess.run([*_run_command(workers), "--check"], env=os.environ | urls, check=False).returncode


def _await(keeper: subprocess.Popen[bytes], timeout_s: float) -> int:
    until = time.monotonic() + timeout_s
    while time.monotonic() < until and keeper.poll() is None:
        if _ready():
            failure = _seed_failure()
            if not failure:
                _report()
                return 0
            _discard(keeper)
            _say(f"{failure}\nit was stopped; {LOG} may say more")
            return 1
        time.sleep(0.2)
    _say(f"it did not come up; the end of {LOG}:\n{_last_lines()}")
    _discard(keeper)
    return 1


def _up_already() -> int:
    if _urls():
        _say("it is up already; `make down` stops it")
        _report()
    else:
        _say(f"it is starting already; {LOG} tells how far it is, `make down` stops it")
    return 1


def _discard(keeper: subprocess.Popen[bytes]) -> None:
    _stop(keeper.pid)
    STATE.unlink(missing_ok=True)


def down() -> int:
    pid = _keeper()
    if pid is None:
        _say("nothing is up")
        return 0
    told = _urls()
    _stop(pid)
    STATE.unlink(missing_ok=True)
    _say("stopped")
    if told or _kept():
        _tell_kept()
    if told:
        # Commands would go on to look for what has ended.
        _say(f"unset {' '.join(told)}  # where its `export` lines were used")
    return 0


def kill(node: str) -> int:
    """End a node of the cluster with SIGKILL; the keeper starts it again after a while, as a machine that boots."""
    nodes = _state().get("nodes", {}) if _keeper() is not None else {}
    if not nodes:
        _say("no cluster is up; `make cluster-up` starts one")
        return 1
    found = primary_of(nodes) if node == PRIMARY else node
    if found not in nodes:
        _say(f"node is '{node}'; {', '.join([PRIMARY, *nodes])} are allowed")
        return 2
    with contextlib.suppress(ProcessLookupError):
        os.kill(nodes[found]["pid"], signal.SIGUSR1)
    _say(f"killed {found}; it starts again after {BOOT_S:g} s")
    return 0


def keep(workers: Sequence[str], *, cluster: bool = False) -> int:
    """Hold the servers and the platform until told to stop; when the platform ends by itself, so does this."""
    signal.signal(signal.SIGTERM, _stopped)
    signal.signal(signal.SIGINT, _stopped)
    with ExitStack() as stack:
        servers = stack.enter_context(Cluster()) if cluster else None
        broker, database = (servers.rabbitmq, servers.postgresql) if servers else _start_servers(stack)
        urls = {"ZHONGTAI_BROKER_URL": broker.url, "ZHONGTAI_DATABASE_URL": database.url, **_chosen_port()}
        environment = os.environ | urls
        rehearsal = None
        # Of a broker that somebody else runs, users and policies are theirs.
        if isinstance(broker, PrivateRabbitMQ | RabbitMQCluster):
            rehearsal = prepare(broker, FOLDER)
            urls |= rehearsal.urls
            environment |= urls | {"ZHONGTAI_CONFIG": str(rehearsal.configuration)}
            stack.callback(start_proxy(rehearsal, LOG, environment).stop)
        platform = SupervisedProcess(_platform(workers, environment))
        stack.callback(platform.stop)
        if rehearsal is not None and isinstance(broker, PrivateRabbitMQ | RabbitMQCluster):
            stack.callback(start_sync(broker, rehearsal, LOG, environment).stop)
        if servers is None:
            _write_state(os.getpid(), urls)
            return platform.wait()
        servers.mend_while(
            lambda: platform.running, lambda nodes: _write_state(os.getpid(), urls, nodes=nodes))
        return platform.wait()


def _start_servers(stack: ExitStack) -> tuple[RabbitMQ, PostgreSQL]:
    keep = _kept_folders()
    # Both or neither: events of one without the effects of the other would be worth nothing.
    broker = start_rabbitmq(keep=keep.get("RabbitMQ"))
    stack.callback(broker.stop)
    database = start_postgresql(keep=keep.get("PostgreSQL"))
    stack.callback(database.stop)
    return broker, database


def _run_command(workers: Sequence[str]) -> list[str]:
    command = [sys.executable, "-m", "shared_components.cli.main", "run"]
    return command + [word for one in workers for word in ("--workers", one)]


def _platform(workers: Sequence[str], environment: Mapping[str, str]) -> Launch:
    # When the keeper is killed, the platform still stops in order: what it works on is finished.
    return Launch(
        _run_command(workers), Path.cwd(), LOG, environment, orphan_signal=signal.SIGTERM, disposable=False,
        stop_timeout_s=45.0)


def _chosen_port() -> dict[str, str]:
    """Commands beside it need it too: `zhongtai status` asks the gateway."""
    port = os.environ.get(PORT_VARIABLE)
    return {PORT_VARIABLE: port} if port else {}


def _stopped(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _keeper() -> int | None:
    """The running keeper's process id; a number that another process has got since does not count."""
    state = _state()
    pid = int(state.get("pid", 0))
    return pid if pid and _began(pid) == state["began"] else None


def _write_state(pid: int, urls: Mapping[str, str], *, nodes: Nodes | None = None) -> None:
    draft = STATE.with_suffix(".draft")
    draft.touch(mode=0o600)  # The URLs hold passwords.
    draft.write_text(json.dumps({"pid": pid, "began": _began(pid), "nodes": nodes or {}, **urls}))
    draft.replace(STATE)


def _urls() -> dict[str, str]:
    """Give the servers' addresses, and the gateway's port when one was chosen; empty while they start."""
    return {name: value for name, value in _state().items() if name.startswith("ZHONGTAI_")}


def _state() -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}
    return content


def _began(pid: int) -> str:
    """Give a process's start in the kernel's ticks; empty when no such process runs."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _stop(pid: int) -> None:
    began = _began(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + STOP_TIMEOUT_S
    while began and _began(pid) == began:
        if time.monotonic() > until:
            raise ServerUnavailable(f"process {pid} has not ended after {STOP_TIMEOUT_S:g} s; {LOG} may say why")
        time.sleep(0.1)


def _ready() -> bool:
    """Whether the gateway answers, and `zhongtai status` finds nothing wrong with any service."""
    address, urls = _address(), _urls()
    if not address or not urls or not _gateway_ready(address) or not _proxy_listens(urls):
        return False
    command = [sys.executable, "-m", "shared_components.cli.main", "status"]
    return subprocess.run(command, env=os.environ | urls, capture_output=True, check=False).returncode == 0


def _address() -> str:
    return _greeted(ADDRESS)


def _greeted(line: re.Pattern[str]) -> str:
    """Give a line of `zhongtai run`'s greeting; empty until it is printed."""
    found = line.search(LOG.read_text(errors="replace"))
    return found[1] if found else ""


def _gateway_ready(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _proxy_listens(urls: Mapping[str, str]) -> bool:
    for variable in APP_VARIABLES.values():
        parts = urlsplit(urls.get(variable, ""))
        if parts.hostname and parts.port:
            try:
                socket.create_connection((parts.hostname, parts.port), timeout=2).close()
            except OSError:
                return False
    return True


def _seed_failure() -> str:
    """The line in which `zhongtai run` says that the seed is missing."""
    return next((line for line in LOG.read_text(errors="replace").splitlines() if line.startswith(SEED_FAILED)), "")


def _kept_folders() -> dict[str, Path]:
    """Where the servers keep their data; none when PostgreSQL's own account cannot come there."""
    return dict(KEPT) if reaches(unprivileged_user(), KEPT["PostgreSQL"]) else {}


def _kept() -> dict[str, Path]:
    return {name: folder for name, folder in KEPT.items() if (folder / SECRETS).exists()}


def _tell_kept() -> None:
    kept = _kept()
    if kept:
        _say("kept: " + ", ".join(f"{name} in {folder} ({megabytes(folder):.0f} MB)" for name, folder in kept.items())
             + "; `make up` goes on with it, `make clean-data` removes it")
    else:
        account = unprivileged_user()
        _say("nothing is kept: the servers are another's, or PostgreSQL's account "
             f"'{account}' cannot enter {Path.cwd()}")


def clean_data() -> int:
    """Remove what `make up` and `make run` keep; the keys under var/ stay."""
    if _keeper() is not None:
        _say("it is up, and its data are in use; `make down` first")
        return 1
    with ExitStack() as stack:
        for folder in sorted(Path("var").glob("operator*")):
            if folder.is_dir() and not _locked(stack, folder):
                _say(f"a run in this folder uses its data ({folder}); end it first, with Ctrl-C")
                return 1
        gone = [folder for folder in (*KEPT.values(), LOG) if folder.exists()]
        # Mails hold names and texts as the databases do.
        gone += sorted([*Path("var").glob("zhongtai*.db*"), *Path("var").glob("sandbox*/mails")])
        for path in gone:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    _say(f"removed: {', '.join(map(str, gone))}" if gone else "there are no data")
    return 0


def _locked(stack: ExitStack, folder: Path) -> bool:
    """Whether no run has the folder; until the stack ends none can take it."""
    lock = stack.enter_context((folder / "lock").open("a", encoding="utf-8"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _report() -> None:
    _say(f"zhongtai is up: {_address()} (documentation at /docs)")
    _say(f"log in {LOG}; `make down` stops it")
    settings = _greeted(SETTINGS)
    if settings:
        _say(f"settings in {' '.join(settings.split())}")
    for name, value in _urls().items():
        _say(f"export {name}={shlex.quote(value)}")
    nodes = _state().get("nodes")
    if nodes:
        _say(f"nodes: {', '.join(nodes)}; `make cluster-kill NODE={PRIMARY}` ends one")


def _last_lines(count: int = 15) -> str:
    return "\n".join(LOG.read_text(errors="replace").splitlines()[-count:])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
