"""Elicence as a service: on `inproc://` and SQLite here, on RabbitMQ and PostgreSQL in tests/integration."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXPECTED = {
    "type": 1,
    "same reply": True,
    "again": "elicence.active-licence-exists",
    "states": ["有效", "失效"],
    "verified": [True, "张测试1", {}],
    "spent": False,
    "final": "illegal-transition",
    "revoked": "撤销",
    "bad number": "kernel.invalid-number",
    "bad request": "bus.invalid-arguments",
    "unknown": "elicence.licence-not-found",
    "many": 40,
    "clean": True,
}


def run_story(broker_url: str, database_url: str, folder: Path) -> Any:
    """In a process of its own, since eventlet patches the whole of one."""
    module = "tests.unit.elicence.bus_story"
    command = [sys.executable, "-W", "ignore", "-m", module, broker_url, database_url, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("story")
    return run_story("inproc://", f"sqlite:///{folder / 'zhongtai.db'}", folder)


def test_a_licence_lives_on_inproc_and_sqlite(told: Any) -> None:
    assert told["seen"] == EXPECTED


def test_its_events_leave_the_outbox_though_nobody_listens(told: Any) -> None:
    assert told["unpublished"] == 0
