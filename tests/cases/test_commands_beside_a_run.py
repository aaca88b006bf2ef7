"""Every operator's command works beside `zhongtai run` (inproc://, SQLite), with the operator's right and no other."""
from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared_components.cli.app import COMMANDS
from shared_components.devstack.processes import free_port
from shared_components.runtime.operator_socket import DEFAULT_SOCKET, OperatorClient, PlatformNotReached
from tests.e2e.commands import ROOT, Running, zhongtai

pytestmark = pytest.mark.integration
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Open to other users as far as the platform's own files are."""
    folder = Path(tempfile.mkdtemp(prefix="zhongtai-beside-"))
    folder.chmod(0o755)
    with Running(folder, more={"ZHONGTAI_HTTP_PORT": str(free_port())}) as running:
        address = running.address()
        (folder / "address").write_text(address)
        yield folder
        assert running.interrupt() == 0
        assert "Traceback" not in running.text
        assert not (folder / DEFAULT_SOCKET).exists()
    shutil.rmtree(folder)


@pytest.fixture
def command(folder: Path) -> Command:
    """A command in the folder of the run, without any setting."""
    port = (folder / "address").read_text().rpartition(":")[2]
    return lambda *arguments: zhongtai(*arguments, cwd=folder, ZHONGTAI_HTTP_PORT=port)


def data(ran: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(ran.stdout)


OF_SERVICES = ("payment", "identity", "matter", "directory")
WORKS = {
    ("call", "payment.trial_balance"): 0, ("call", "identity.list_levels"): 0,
    ("status",): 0, ("status", "payment", "--json"): 0, ("outbox", "list"): 0, ("dlq", "list"): 0,
    ("dlq", "redrive", "payment", "--all"): 0, ("dlq", "discard", "payment", "--all", "--yes"): 0,
    ("dlq", "show", "payment", "msg_0"): 1, ("migrate",): 0, ("migrate", "--check"): 0, ("contracts", "check"): 0,
    ("graph", "payment"): 0, ("keys", "--help"): 0, ("payment", "ledger", "balance"): 0, ("payment", "graph"): 0,
    ("run", "--check", "payment"): 0, ("edge", "--help"): 0, ("demo", "--help"): 0, ("serve", "--help"): 0,
    ("new-service", "--help"): 0, ("sandbox", "people"): 0, ("evidence", "verify", "identity"): 0,
    ("identity", "merges", "list"): 0, ("directory", "--help"): 0, ("matter", "--help"): 0,
    ("degrade", "--help"): 0, ("scale", "nobody=2"): 2, ("autoscale", "--help"): 0, ("rehearse", "--help"): 0,
    ("clients", "--help"): 0, ("stub", "--help"): 0, ("backup", "--help"): 0, ("restore", "--help"): 0,
}


@pytest.mark.parametrize("arguments", list(WORKS))
def test_each_command_works(command: Command, arguments: tuple[str, ...]) -> None:
    ran = command(*arguments)
    assert ran.returncode == WORKS[arguments], ran.stdout
    assert "Traceback" not in ran.stdout


def test_no_command_is_left_out() -> None:
    assert {arguments[0] for arguments in WORKS} == {*COMMANDS, *OF_SERVICES}


def test_what_only_operators_may_do_can_be_done(command: Command) -> None:
    definition = (ROOT / "services/matter/definitions/driving-licence-renewal.yaml").read_text(encoding="utf-8")
    body = json.dumps({"definition_yaml": definition})
    published = command("call", "matter.publish_definition", "--json", body)
    assert (published.returncode, data(published)["matter_code"]) == (0, "driving-licence-renewal")
    wrong = command("call", "matter.publish_definition", "--json", json.dumps({"definition_yaml": "a: ["}))
    assert (wrong.returncode, "definition-invalid" in wrong.stdout) == (2, True)
    notification = '{"channel": "x", "headers": {}, "body": ""}'
    closed = command("call", "payment.apply_channel_notification", "--json", notification)
    assert (closed.returncode, "caller 'operator' may not use" in closed.stdout) == (1, True)


def test_the_same_operation_id_has_one_effect(command: Command) -> None:
    order = ("call", "payment.create_order", 'lines=[{"item_code":"driving-licence-card"}]', "payer_name=林静",
             "--op-id", "once")
    assert data(command(*order))["order_id"] == data(command(*order))["order_id"]


def test_status_sees_the_queues(command: Command) -> None:
    rows = {row["service"]: row for row in data(command("status", "--json"))}
    assert (rows["payment"]["state"], rows["payment"]["consumers"], rows["payment"]["calls"]) == ("ok", 1, 0)
    assert rows["gateway"]["state"] == "ok"


def test_dead_letters_are_listed_and_discarded(folder: Path, command: Command) -> None:
    with OperatorClient(str(folder / DEFAULT_SOCKET)) as operator:
        assert operator.dead_letters("payment") == []
        assert operator.queue("rpc-payment") is not None
        assert operator.queue("rpc-nobody") is None


def test_nobody_can_be_anybody_but_the_operator(folder: Path, command: Command) -> None:
    ran = command("call", "payment.get_order", "order_id=pay_0", "--caller", "matter")
    assert (ran.returncode, "'operator' is allowed at the operator's socket" in ran.stdout) == (2, True)
    mode = (folder / DEFAULT_SOCKET).stat().st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600


@pytest.mark.parametrize("line", [
    b"\n", b"{}\n", b"[]\n", b'{"do": "call"}\n', b'{"do": "queue", "name": 7}\n', b"\xff\n", b'{"do": "exec"}\n',
    b'{"do": []}\n', b"[" * 100_000 + b"\n",
])
def test_whatever_is_written_to_the_socket_is_answered_with_an_error(folder: Path, line: bytes) -> None:
    with OperatorClient(str(folder / DEFAULT_SOCKET)) as operator:
        stream = operator._lines._lines
        stream.write(line)
        stream.flush()
        assert "error" in json.loads(stream.readline())
        assert operator.queue("rpc-payment") is not None, "and the next request is served"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_is_told_that_the_socket_is_not_his(folder: Path) -> None:
    script = ("import os, sys\n"
              "from shared_components.runtime.operator_socket import OperatorClient, PlatformNotReached\n"
              "os.setgid(65534); os.setuid(65534)\n"
              "try: OperatorClient(sys.argv[1]).queue('rpc-payment')\n"
              "except PlatformNotReached as error: print(error.message)")
    where = str(folder / DEFAULT_SOCKET)
    done = subprocess.run(
        [sys.executable, "-c", script, where], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "may be used by the user alone who runs the platform" in done.stdout, done.stderr
    os.chmod(where, 0o666)  # noqa: S103 -- by mistake
    try:
        done = subprocess.run(
            [sys.executable, "-c", script, where], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.chmod(where, 0o600)
    assert "is another user's" in done.stdout, "also where the file's mode was changed"


def test_a_second_run_beside_the_first_has_a_socket_of_its_own(folder: Path, command: Command) -> None:
    port = free_port()
    url = f"sqlite:///{folder / 'second.db'}"
    with Running(folder, more={"ZHONGTAI_HTTP_PORT": str(port), "ZHONGTAI_DATABASE_URL": url}) as second:
        second.address()
        settings = folder / "var/sandbox-2/zhongtai.yaml"
        assert (folder / "var/operator-2/operator.sock").exists()
        ran = command("-c", str(settings), "call", "payment.create_order", "payer_name=x",
                      'lines=[{"item_code":"driving-licence-card"}]')
        order_id = data(ran)["order_id"]
        assert command("call", "payment.get_order", f"order_id={order_id}").returncode == 1, "the first has none of it"
        assert second.interrupt() == 0


def test_without_a_run_each_mistake_is_one_clear_line(tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        ran = zhongtai(*arguments, cwd=tmp_path)
        assert (ran.returncode, ran.stdout.count("\n")) == (1, 1), ran.stdout
        return ran.stdout

    for arguments in (("call", "payment.trial_balance"), ("dlq", "list"), ("dlq", "redrive", "payment", "--all")):
        assert "is not there; start one in this folder with `zhongtai run`" in said(*arguments)
    path = tmp_path / DEFAULT_SOCKET
    path.parent.mkdir(parents=True)
    left = socket.socket(socket.AF_UNIX)
    os.chdir(path.parent)
    left.bind(path.name)
    left.close()
    os.chdir(ROOT)
    assert "is left from a run that has ended" in said("dlq", "list")
    path.unlink()
    path.write_text("")
    assert "is no socket" in said("call", "payment.trial_balance")


def test_a_run_takes_the_place_of_a_socket_that_was_left(tmp_path: Path) -> None:
    with Running(tmp_path, more={"ZHONGTAI_HTTP_PORT": str(free_port())}) as killed:
        killed.address()
    assert (tmp_path / DEFAULT_SOCKET).exists(), "it was killed"
    with pytest.raises(PlatformNotReached, match="is left from a run that has ended"):
        OperatorClient(str(tmp_path / DEFAULT_SOCKET))
    with Running(tmp_path, more={"ZHONGTAI_HTTP_PORT": str(free_port())}) as again:
        assert httpx.get(f"{again.address()}/live").status_code == 200
        assert zhongtai("call", "payment.trial_balance", cwd=tmp_path).returncode == 0
        assert again.interrupt() == 0
