"""A refusal, as the command line tells it."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.cli.errors import report
from shared_components.kernel.errors import InvalidInput

ROOT = Path(__file__).parents[3]


def test_a_refusal_says_what_is_wrong_with_each_field(capsys: pytest.CaptureFixture[str]) -> None:
    fields = {"payer": ["Unknown field."], "lines": {"0": {"quantity": ["Not a whole number."]}}}
    report(InvalidInput("wrong arguments", details={"fields": fields}))
    assert capsys.readouterr().err == (
        "zhongtai: wrong arguments (payer: Unknown field; lines.0.quantity: Not a whole number) [invalid-input]\n")


def test_a_broker_that_is_down_is_one_line_without_the_log_s(tmp_path: Path) -> None:
    """As a person runs it: in a process of its own."""
    environment = {**os.environ, "ZHONGTAI_BROKER_URL": "amqp://127.0.0.1:1/", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "shared_components.cli.main", "call", "payment.list_fee_items", "--timeout", "1"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "zhongtai: no connection to the broker within 1.0 s [bus.broker-unavailable]\n"
