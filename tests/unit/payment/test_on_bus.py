"""Payment as a service: on `inproc://` and SQLite here, on RabbitMQ and PostgreSQL in tests/integration."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.unit.payment.sandbox.process import sandbox_process
from tests.unit.payment.world import UNIT_CODE

EXPECTED = {
    "item": 1,
    "same reply": True,
    "another body": "bus.operation-reused",
    "started": "pending",
    "paid": "paid",
    "same refund": True,
    "stale": "payment.refund-available-changed",
    "refunded": "partially_refunded",
    "refund": "succeeded",
    "receipts": [["original", "0000000001", 1000], ["red", "0000000002", -400]],
    "pdf path": "/v1/payment/receipts/….pdf",
    "pdf": "%PDF-",
    "genuine": 400,
    "told": ["order-paid", "order-refunded"],
    "late": ["late-money", "refund-promised", "refund-done"],
    "closed": "closed",
    "given up": "failed",
    "many": 60,
    "listed": 60,
    "not payable": "payment.order-not-payable",
    "not built": "payment.channel-not-built",
    "not configured": "payment.channel-not-configured",
    "no item": "payment.fee-item-unknown",
    "no lines": "bus.invalid-arguments",
    "not the gateway": "bus.caller-not-allowed",
    "balances": {
        "channel-clearing/sandbox": 600, f"fiscal-payable/{UNIT_CODE}": -600, "refunds-payable": 0, "suspense": 0,
    },
    "balanced": True,
    "entries": 6,
    "reconciled": {
        "imported": "complete",
        "again": True,
        "classes": {"payment matched": 2, "refund matched": 2},
        "other content": "payment.statement-conflict",
        "open": 1,
        "resolved": ["resolved", "operator", 0],
        "statements": ["complete", "superseded"],
        "malformed": "payment.statement-malformed",
        "too large": "payment.statement-too-large",
        "no statement": "payment.statement-unknown",
    },
    "clean": True,
}


def run_story(broker_url: str, database_url: str, folder: Path, *sandbox_options: str, first_wait_s: int = 10) -> Any:
    """In a process of its own, since eventlet patches the whole of one."""
    with sandbox_process(*sandbox_options) as sandbox_url:
        command = [sys.executable, "-W", "ignore", "-m", "tests.unit.payment.bus_story"]
        command += [broker_url, database_url, str(folder), sandbox_url, str(first_wait_s)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_money_goes_its_way_on_inproc_and_sqlite(tmp_path: Path) -> None:
    seen = run_story("inproc://", f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path, "--duplicates", "2")
    assert seen == EXPECTED


def test_money_goes_its_way_when_no_callback_ever_comes(tmp_path: Path) -> None:
    """The sweeps ask instead."""
    seen = run_story("inproc://", f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path, "--loss", "1", first_wait_s=1)
    assert seen == EXPECTED
