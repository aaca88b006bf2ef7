"""A refusal, as the command line tells it."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.bus.client.blocking import BusClient
from shared_components.bus.errors import InvalidArguments, NoReply, UnknownMethod, UnknownService
from shared_components.cli.errors import report
from shared_components.kernel.errors import AppError, Conflict, InvalidInput
from tests.unit.cli.conftest import Zhongtai

ROOT = Path(__file__).parents[3]


def test_a_refusal_says_what_is_wrong_with_each_field(capsys: pytest.CaptureFixture[str]) -> None:
    fields = {"payer": ["Unknown field."], "lines": {"0": {"quantity": ["Not a whole number."]}}}
    report(InvalidInput("wrong arguments", details={"fields": fields}))
    assert capsys.readouterr().err == (
        "zhongtai: wrong arguments (payer: Unknown field; lines.0.quantity: Not a whole number) [invalid-input]\n")


@pytest.mark.parametrize(("target", "error", "code"), [
    ("payment.get_order", InvalidArguments("'get_order' got wrong arguments: order"), 2),
    ("payment.get_order", InvalidInput("order_id is '?'"), 2),
    ("payment.get_odrer", UnknownMethod("service 'payment' has no method 'get_odrer'"), 2),
    ("paymnt.get_order", UnknownService("no service 'paymnt' is running"), 2),
    ("payment.get_order", UnknownService("no service 'payment' is running"), 1),  # it is there, and does not run
    ("payment.get_order", Conflict("order is 'closed'"), 1),
    ("payment.get_order", NoReply(), 1),
])
def test_a_call_that_nobody_could_serve_is_wrong_use_and_another_that_fails_is_not(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, target: str, error: AppError, code: int,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setenv("ZHONGTAI_BROKER_URL", "amqp://127.0.0.1:1/")
    monkeypatch.setattr(BusClient, "call", refuse)
    ran = zhongtai("call", target, "order_id=pay_7")
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert ran.err.startswith(f"zhongtai: {error.message}") and f"[{error.code}]" in ran.err


def test_a_broker_that_is_down_is_one_line_without_the_log_s(tmp_path: Path) -> None:
    """As a person runs it: in a process of its own."""
    environment = {**os.environ, "ZHONGTAI_BROKER_URL": "amqp://127.0.0.1:1/", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "shared_components.cli.main", "call", "payment.list_fee_items", "--timeout", "1"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "zhongtai: no connection to the broker within 1.0 s; at the last try: Connection refused "
        "[bus.broker-unavailable]\n")
