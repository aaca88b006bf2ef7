"""`zhongtai sandbox serve`, `play` and `reset`, as an app team uses them."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from shared_components.devstack.processes import free_port
from shared_components.runtime.supervisor import as_supervised
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
PATIENCE_S = 240.0
CREDENTIALS = Path("var") / "app-sandbox" / "credentials.json"


COMMAND = [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "sandbox"]
ENVIRONMENT = {**{name: value for name, value in os.environ.items() if not name.startswith("ZHONGTAI_")},
               "PYTHONPATH": str(Path(__file__).parents[3])}


def in_a_process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize(("arguments", "said"), [
    (("play", "paid"), "no sandbox runs in var/app-sandbox"), (("reset",), "`zhongtai sandbox serve` starts one"),
    (("play", "gold-rush"), "scenarios are: ordered, paid, paid-and-refunded, closed"),
])
def test_wrong_use_is_one_line(zhongtai: Zhongtai, arguments: tuple[str, ...], said: str) -> None:
    ran = zhongtai("sandbox", *arguments)
    assert (ran.code, ran.err.count("\n")) == (2, 1) and said in ran.err


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_scenario_is_played_and_a_reset_forgets_it(tmp_path: Path) -> None:
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(free_port())], cwd=tmp_path, stdout=output, stderr=output,
            stdin=subprocess.DEVNULL, env=as_supervised(ENVIRONMENT))
    try:
        until = time.monotonic() + PATIENCE_S
        while not (tmp_path / CREDENTIALS).exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        told = json.loads((tmp_path / CREDENTIALS).read_text())
        played = in_a_process(tmp_path, "play", "paid-and-refunded", "--json")
        assert played.returncode == 0, played.stderr
        left = json.loads(played.stdout)

        def state_of() -> httpx.Response:
            return httpx.post(f"{told['url']}/v1/payment/get-order", json={"order_id": left["order_id"]}, timeout=60,
                              headers={"Authorization": f"Bearer {told['app_key']}"})

        assert state_of().json()["state"] == "refunded"
        ran = in_a_process(tmp_path, "reset")
        assert ran.returncode == 0 and "is as new" in ran.stdout, ran.stdout
        assert state_of().status_code == 404
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert not (tmp_path / CREDENTIALS).exists()
    assert told["app_key"] in (tmp_path / "output").read_text()
