"""Callbacks of all channels through the gateway over HTTP, genuine ones and lies (S9, short).

On `inproc://` and SQLite here, on RabbitMQ and PostgreSQL in tests/integration.
"""
from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from shared_components.devstack.processes import free_port
from tests.unit.payment.channels.providers.kits import provider_process
from tests.unit.payment.sandbox.process import sandbox_process

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

COMMON: dict[str, Any] = {
    "paid": "paid", "refunded": "partially_refunded", "refund": "succeeded", "entries": 3, "told": True,
    "accepted": [], "then": "paid", "replays": [1, 1, 1],
}
EXPECTED = {
    "sandbox": {
        **COMMON, "taken": [200, "application/json", '{"code":"SUCCESS","message":"成功"}'],
        "refund word": [200, "application/json", '{"code":"SUCCESS","message":"成功"}'],
        "refusals": ["application/json"], "true word": 200,
    },
    "wechat": {
        **COMMON, "taken": [204, "", ""], "refund word": [204, "", ""], "refusals": ["application/json"],
        "true word": 204,
    },
    "alipay": {
        **COMMON, "taken": [200, "text/plain; charset=utf-8", "success"],
        "refund word": [200, "text/plain; charset=utf-8", "success"],
        "refusals": ["text/plain; charset=utf-8 fail"], "true word": 200,
    },
    "balanced": True, "deliveries": ["delivered"], "clean": True,
}


def run_story(broker_url: str, database_url: str, folder: Path) -> Any:
    with ExitStack() as stack:
        providers = {"sandbox": stack.enter_context(sandbox_process())}
        for name in ("wechat", "alipay"):
            providers[name] = stack.enter_context(provider_process(name, folder))
        command = [sys.executable, "-W", "ignore", "-m", "tests.unit.payment.channels.callback_story"]
        command += [broker_url, database_url, str(folder), str(free_port()), json.dumps(providers)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_providers_are_heard_answered_in_their_own_words_and_never_believed_a_lie(tmp_path: Path) -> None:
    assert run_story("inproc://", f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path) == EXPECTED
