"""Matter D with all real services: on `inproc://` and SQLite here, on RabbitMQ and PostgreSQL in tests/integration."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

STEPS = ["check", "medical", "pay", "issue", "deliver"]
EXPECTED = {
    "happy": {
        "taken": ["completed", "completed"],
        "steps": [[step, "completed"] for step in STEPS],
        "licences": [[1, "失效"], [2, "有效"]],
        "prior": True,
        "years": 10,
        "paid": "paid",
        "inbox": [f"【{moment}】驾驶证期满换证" for moment in ("制发", "办结", "受理", "缴费成功")],
        "stuck": False,
    },
    "refund": ["elicence.prior-not-renewable", [["pay.refund", "completed"]], "refunded", True],
    "violations": ["matter.unpaid-violations", ["refused", *["cancelled"] * 4]],
    "withdrawn": ["已撤回", "closed"],
    "examination": ["matter.callback-negative", "closed"],
    "callbacks": [
        "security.signature-invalid", "security.signature-invalid", "security.signature-expired",
        "security.signature-invalid", "security.signature-invalid", "waiting",
    ],
    "many": [6, True, True],
    "personal data in files": [],
    "balanced": True,
    "clean": True,
}


def run_story(broker_url: str, database_url: str, folder: Path) -> Any:
    """In a process of its own, since eventlet patches the whole of one."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.matter.bus_story", broker_url, database_url]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    # Medical and payment run side by side, so the timeline's order is that of the world; its ends are not.
    timeline = seen["happy"].pop("timeline")
    assert (timeline[0], timeline[-2:]) == ("submitted", ["completed", "rating-invited"])
    return seen


def test_matter_d_runs_on_inproc_and_sqlite(tmp_path: Path) -> None:
    assert run_story("inproc://", f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path) == EXPECTED
