"""The platform as a person runs it: `zhongtai run` in one process, `make up` on real servers."""
from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import amqp
import httpx
import pytest

from shared_components.bus import BusClient
from shared_components.bus.errors import CallerNotAllowed
from shared_components.devstack.processes import free_port
from tests.e2e.commands import ROOT, Running, environment, python, zhongtai
from tests.faults.asking import RawUser

STACK = ("-m", "shared_components.devstack.stack")
STOCK_CALL = """
import sys
from nameko.standalone.rpc import ClusterRpcProxy
with ClusterRpcProxy({"AMQP_URI": sys.argv[1]}, timeout=10) as zhongtai:
    print(bool(zhongtai.payment.list_fee_items()["items"]))
"""


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port, and a configuration in which the gateway uses it."""
    chosen = free_port()
    configuration = {"http": {"port": chosen}}
    path = tmp_path / "zhongtai.yaml"
    path.write_text(json.dumps(configuration))
    monkeypatch.setenv("ZHONGTAI_CONFIG", str(path))
    return chosen


def test_one_process_serves_http_until_it_is_interrupted(tmp_path: Path, port: int) -> None:
    with Running(tmp_path) as platform:
        address = platform.address()
        assert address == f"http://127.0.0.1:{port}"
        assert "text/html" in httpx.get(f"{address}/docs").headers["content-type"]
        # The seed is there: a newcomer can order at once.
        headers = {"authorization": "Bearer demo-app-key"}
        items = httpx.post(f"{address}/v1/payment/list-fee-items", json={}, headers=headers)
        assert (items.status_code, len(items.json()["items"])) == (200, 1), items.text
        # The pay channel is of this run alone, so its settings lie where commands beside it find them.
        settings = tmp_path / "var/sandbox/zhongtai.yaml"
        assert settings.stat().st_mode & 0o077 == 0
        assert "today.csv" in _fetched(tmp_path, settings)
        assert httpx.get(f"{address}/openapi.json").json()["servers"][0]["url"] == address
        assert platform.interrupt() == 0
    assert "Traceback" not in platform.text
    assert not settings.exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    with Running(tmp_path) as platform:
        again = httpx.post(f"{platform.address()}/v1/payment/list-fee-items", json={}, headers=headers)
        assert again.json() == items.json(), "what was there has stayed as it was"


def _fetched(folder: Path, settings: Path) -> str:
    """Fetch the sandbox's statement of today."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    fetched = zhongtai("-c", str(settings), "payment", "statement", "fetch", "today.csv", "--channel", "sandbox",
                       "--date", str(today), cwd=folder)
    assert fetched.returncode == 0, fetched.stdout
    return fetched.stdout


@pytest.mark.parametrize("seconds", [0.15, 0.5, 2.5])
def test_ctrl_c_ends_it_in_order_while_it_starts(tmp_path: Path, port: int, seconds: float) -> None:
    """Wherever the interrupt meets it: among imports, migrations, or the seed."""
    with Running(tmp_path) as platform:
        time.sleep(seconds)
        assert platform.interrupt() in (0, 130), platform.text
    assert "Traceback" not in platform.text
    assert "no reply" not in platform.text


def test_a_port_in_use_is_told_and_nothing_else_happens(tmp_path: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), Running(tmp_path) as platform:
        assert platform.ended() == 2
    assert f"http.port is {port}" in platform.text
    assert "Traceback" not in platform.text


@pytest.mark.timeout(400)
def test_up_on_real_servers_with_more_workers_for_one_service(tmp_path: Path, port: int) -> None:
    up = python(*STACK, "up", "--workers", "payment:2", cwd=tmp_path)
    try:
        assert up.returncode == 0, up.stdout
        assert f"http://127.0.0.1:{port}" in up.stdout
        state = json.loads((tmp_path / "var/stack/state.json").read_text())
        urls = {name: value for name, value in state.items() if name.startswith("ZHONGTAI_")}
        status = zhongtai("status", "--json", cwd=tmp_path, **urls)
        rows = {row["service"]: row for row in json.loads(status.stdout)}
        assert (rows["payment"]["consumers"], rows["matter"]["consumers"]) == (2, 1)
        settings = tmp_path / "var/sandbox/zhongtai.yaml"
        assert f"settings in {settings.relative_to(tmp_path)} " in up.stdout
        assert "today.csv" in _fetched(tmp_path, settings)  # Nothing exported: it is all in there.
        _deployed_as_shipped(tmp_path, urls)
        again = python(*STACK, "up", cwd=tmp_path)
        assert (again.returncode, "it is up already" in again.stdout) == (1, True)
        assert again.stdout.splitlines()[1:] == up.stdout.splitlines()  # Its address, and what to export.
    finally:
        down = python(*STACK, "down", cwd=tmp_path)
    assert (down.returncode, down.stdout.splitlines()[0]) == (0, "stopped")
    assert "unset ZHONGTAI_BROKER_URL ZHONGTAI_DATABASE_URL" in down.stdout


def _deployed_as_shipped(folder: Path, urls: Mapping[str, str]) -> None:
    """Each service is its own user, apps come by the proxy, and the policies are there."""
    for name in ("broker-passwords.yaml", "zhongtai.yaml", "state.json"):
        assert (folder / "var/stack" / name).stat().st_mode & 0o077 == 0, name
    with BusClient(urls["ZHONGTAI_APP_BROKER_URL"]) as app:
        assert app.payment.list_fee_items(timeout_s=10)["items"]
        with pytest.raises(CallerNotAllowed):
            app.payment.trial_balance(timeout_s=5)
    stock = python("-W", "ignore", "-c", STOCK_CALL, urls["ZHONGTAI_STOCK_APP_BROKER_URL"], cwd=folder)
    assert stock.stdout.strip() == "True", stock
    with RawUser(urls["ZHONGTAI_STOCK_APP_BROKER_URL"]) as app, pytest.raises(amqp.exceptions.NotAllowed):
        app.channel.exchange_delete("nameko-rpc")


def _starting(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *STACK, "up"], cwd=folder, env=environment(PYTHONPATH=str(ROOT)), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        # Who runs the tests in the background ignores Ctrl-C, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None)


def _keeper(folder: Path) -> int:
    """Its process id, from the file that is there while it starts, so that `down` finds it."""
    state = folder / "var/stack/state.json"
    until = time.monotonic() + 20
    while not state.exists() and time.monotonic() < until:
        time.sleep(0.01)
    pid: int = json.loads(state.read_text())["pid"]
    return pid


def test_up_that_is_interrupted_leaves_nothing_running(tmp_path: Path, port: int) -> None:
    up = _starting(tmp_path)
    try:
        keeper = _keeper(tmp_path)
        up.send_signal(signal.SIGINT)
        said, _ = up.communicate(timeout=90)
    finally:
        up.kill()
        python(*STACK, "down", cwd=tmp_path)
    assert (up.returncode, said) == (130, "interrupted\n")
    assert not Path(f"/proc/{keeper}").exists()
    assert not (tmp_path / "var/stack/state.json").exists()


def test_down_ends_what_is_still_starting(tmp_path: Path, port: int) -> None:
    up = _starting(tmp_path)
    try:
        _keeper(tmp_path)
        down = python(*STACK, "down", cwd=tmp_path)
        assert (down.returncode, down.stdout.splitlines()[0]) == (0, "stopped")
        assert up.wait(20) == 1
    finally:
        up.kill()
        python(*STACK, "down", cwd=tmp_path)


def test_a_broker_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with Running(tmp_path, more={"ZHONGTAI_BROKER_URL": "amqp://someone:hidden@127.0.0.1:1/"}) as platform:
        assert platform.ended() == 1
    assert platform.text.splitlines()[-1] == (
        "zhongtai: broker.url is 'amqp://someone:***@127.0.0.1:1/', from $ZHONGTAI_BROKER_URL: "
        "the broker cannot be used: Connection refused [bus.broker-unavailable]")
