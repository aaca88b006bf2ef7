"""`zhongtai scale`: what it refuses, and the commands that it gives Docker Compose and kubectl."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from shared_components.runtime.errors import WrongUse
from shared_components.runtime.supervisor import Supervisor
from shared_components.runtime.supervisor_socket import SupervisorClient, SupervisorServer
from tests.unit.cli.conftest import Zhongtai

# Records its arguments, and answers as the program of its name does.
FAKE = """#!{python}
import json, pathlib, sys
folder = pathlib.Path({folder!r})
with (folder / "asked").open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
for words, answer in json.loads((folder / "answers").read_text()):
    if all(word in sys.argv for word in words):
        print(answer)
        break
"""


@pytest.fixture
def on_rabbitmq(monkeypatch: pytest.MonkeyPatch, zhongtai: Zhongtai) -> Zhongtai:
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", "amqp://127.0.0.1:1/")
    return zhongtai


class Fake:
    """A program on the PATH that records what it is asked."""

    def __init__(self, folder: Path, name: str, answers: list[tuple[list[str], str]]) -> None:
        self._folder = folder
        (folder / "answers").write_text(json.dumps(answers))
        program = folder / name
        program.write_text(FAKE.format(python=sys.executable, folder=str(folder)))
        program.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        return [" ".join(json.loads(line)) for line in (self._folder / "asked").read_text().splitlines()]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.mark.parametrize(("argument", "said"), [
    ("payment=0", "argument is 'payment=0'; SERVICE=N is allowed, with N from 1 to 256"),
    ("payment=-1", "argument is 'payment=-1'; SERVICE=N is allowed"),
    ("payment=10000", "argument is 'payment=10000'; SERVICE=N is allowed"),
    ("payment=٣", "argument is 'payment=٣'; SERVICE=N is allowed"),
    ("payment=", "argument is 'payment='; SERVICE=N is allowed"),
    ("payment", "argument is 'payment'; SERVICE=N is allowed"),
    ("payment:6", "argument is 'payment:6'; SERVICE=N is allowed"),
])
def test_a_wrong_number_is_one_line(on_rabbitmq: Zhongtai, argument: str, said: str) -> None:
    ran = on_rabbitmq("scale", argument)
    assert (ran.code, ran.out, ran.err.count("\n"), said in ran.err) == (2, "", 1, True), ran


def test_a_service_given_twice_is_refused(on_rabbitmq: Zhongtai) -> None:
    ran = on_rabbitmq("scale", "payment=2", "payment=3")
    assert (ran.code, "service 'payment' is given twice; once is allowed" in ran.err) == (2, True)


def test_without_a_run_the_error_says_where_it_was_looked_for(on_rabbitmq: Zhongtai) -> None:
    ran = on_rabbitmq("scale", "payment=2")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "'var/operator/operator.sock' is not there; start one in this folder with `zhongtai run`" in ran.err
    assert "[cli.supervisor-not-reached]" in ran.err


def test_the_embedded_platform_is_one_process(zhongtai: Zhongtai) -> None:
    ran = zhongtai("scale", "payment=2")
    assert (ran.code, "one process; scaling needs RabbitMQ" in ran.err) == (2, True)


def test_compose_gets_one_command_that_touches_nothing_else(on_rabbitmq: Zhongtai, programs: Path) -> None:
    fake = Fake(programs, "docker", [
        (["ps"], '{"Service": "payment", "State": "running"}\n{"Service": "payment", "State": "exited"}'),
        (["config"], "payment\nmatter\nrabbitmq")])
    ran = on_rabbitmq("scale", "payment=6", "matter=2", "--compose", "deploy/compose.yaml", "--json")
    assert ran.code == 0, ran.err
    assert ran.data == [{"service": "payment", "before": 1, "processes": 1},
                        {"service": "matter", "before": 0, "processes": 0}]
    assert [one for one in fake.asked if " up " in one] == [
        "compose -f deploy/compose.yaml up --detach --no-deps --no-recreate --scale payment=6 --scale matter=2 "
        "payment matter"]
    assert "service is 'foo'; the services that run are: matter, payment, rabbitmq" in on_rabbitmq(
        "scale", "foo=2", "--compose", "deploy/compose.yaml").err


def test_kubernetes_gets_a_new_scale_or_with_keda_a_new_floor(on_rabbitmq: Zhongtai, programs: Path) -> None:
    deployments = {"items": [{"metadata": {"name": name}, "spec": {"replicas": 2}} for name in ("matter", "payment")]}
    keda = {"metadata": {"name": "payment"}, "spec": {"maxReplicaCount": 5}}
    fake = Fake(programs, "kubectl", [
        (["deployments"], json.dumps(deployments)), (["--ignore-not-found"], json.dumps(keda))])
    assert on_rabbitmq("scale", "payment=6", "matter=3", "--kubernetes", "zhongtai").code == 0
    assert [one for one in fake.asked if " get " not in one] == [
        '--namespace zhongtai patch scaledobject/payment --type=merge '
        '--patch={"spec":{"minReplicaCount":6,"maxReplicaCount":6}}',
        "--namespace zhongtai scale deployment/matter --replicas=3"]


def test_a_dry_run_prints_the_command_and_needs_no_program(on_rabbitmq: Zhongtai, monkeypatch: pytest.MonkeyPatch,
                                                           tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = on_rabbitmq("scale", "payment=6", "--kubernetes", "zhongtai", "--dry-run", "--json")
    assert ran.data == [{"would": "kubectl --namespace zhongtai scale deployment/payment --replicas=6"}]
    ran = on_rabbitmq("scale", "payment=6", "--compose", "compose.yaml")
    assert (ran.code, "program 'docker' is not found on the PATH [cli.scaler-failed]" in ran.err) == (1, True)


# A process that notes when it is told to stop, and finishes its work first.
WORKER = """
import os, signal, sys, time
def stop(*_):
    time.sleep(0.3)
    print("left", sys.argv[1], os.getpid(), flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
while True:
    time.sleep(0.05)
"""


@pytest.fixture
def supervised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SupervisorClient]:
    """A supervisor of small processes, and the socket by which it is scaled."""
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    popen = subprocess.Popen

    def start(command: list[str], **named: object) -> subprocess.Popen[bytes]:
        return popen([sys.executable, str(script), command[-1]])

    monkeypatch.setattr(subprocess, "Popen", start)
    supervisor = Supervisor(None, {"gateway": 1, "matter": 1, "payment": 2}, stop_timeout_s=5)
    ended = threading.Event()
    supervisor.start()
    watching = threading.Thread(target=supervisor.watch_until, args=(ended.is_set,))
    watching.start()
    server = SupervisorServer(tmp_path / "operator.sock", supervisor)
    server.start()
    with SupervisorClient(str(tmp_path / "operator.sock")) as client:
        yield client
    server.stop()
    ended.set()
    watching.join()
    supervisor.stop()  # one that has just begun may not have its handler yet


def running(client: SupervisorClient, service: str) -> list[int]:
    return [one.pid for one in client.workers() if one.service == service and one.state == "running"]


def settle(client: SupervisorClient, counts: Mapping[str, int]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = client.workers()
        if all(len(running(client, name)) == count for name, count in counts.items()) \
                and not any(one.state == "leaving" for one in found):
            return
        time.sleep(0.05)
    pytest.fail(f"not settled: {client.workers()}")


def test_more_and_fewer_processes_leave_the_others_alone(supervised: SupervisorClient) -> None:
    others, first = running(supervised, "matter") + running(supervised, "gateway"), running(supervised, "payment")
    supervised.scale({"payment": 4})
    settle(supervised, {"payment": 4})
    assert running(supervised, "payment")[:2] == first
    left = supervised.scale({"payment": 1})
    assert supervised.wanted() == {"gateway": 1, "matter": 1, "payment": 1}
    assert {one.service for one in left} == {"gateway", "matter", "payment"}
    settle(supervised, {"payment": 1})
    assert running(supervised, "payment") == first[:1]
    assert running(supervised, "matter") + running(supervised, "gateway") == others


def test_a_process_that_dies_is_started_again_in_the_new_number(supervised: SupervisorClient) -> None:
    supervised.scale({"payment": 3})
    settle(supervised, {"payment": 3})
    os.kill(running(supervised, "payment")[0], signal.SIGKILL)
    settle(supervised, {"payment": 2})
    settle(supervised, {"payment": 3})


@pytest.mark.parametrize(("counts", "said"), [
    ({"nothing": 2}, "service is 'nothing'; the services that run are: gateway, matter, payment"),
    ({"payment": 0}, "'payment' is to have 0 processes; 1 to 256 are allowed"),
    ({"payment": 10_000}, "'payment' is to have 10000 processes; 1 to 256 are allowed"),
    ({"matter": 2, "gateway": 2}, "one is allowed on one host, since it listens on one port"),
])
def test_what_cannot_be_changes_nothing(supervised: SupervisorClient, counts: dict[str, int], said: str) -> None:
    before = supervised.wanted()
    with pytest.raises(Exception, match=said) as refused:
        supervised.scale(counts)
    assert refused.value.code == WrongUse.code  # type: ignore[attr-defined]
    assert supervised.wanted() == before
