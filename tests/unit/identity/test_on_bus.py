"""Identity as a service: on `inproc://` and SQLite here, on RabbitMQ and PostgreSQL in tests/integration."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

EXPECTED = {
    "shown": ["林*", "330106********002X", "138****8000", "l***@example.org", 1],
    "same reply": True,
    "again": "identity.already-registered",
    "levels": [2, 3, 3],
    "evidence": ["proof-of-presence", "name-number-match"],
    "refused": "identity.evidence-refused",
    "counter": "identity.evidence-not-allowed",
    "for case": ["林静", "33010619850615002X", "lin.jing@example.org", 3],
    "not for apps": ["bus.caller-not-allowed"] * 3,
    "found": True,
    "bad number": "kernel.invalid-number",
    "bad field": "bus.invalid-arguments",
    "company": "91330106MA2DEM0091",
    "frozen": "identity.subject-not-active",
    "closed": "注销",
    "final": "illegal-transition",
    "levels listed": 4,
    "racing": [20, 20, 60],
    "key": ["zts_", "bus.reply-not-kept", "zts_", "bus.reply-not-kept", True],
    "kept": [["issue_app_key", 0], ["register_app", 0]],
    "clean": True,
}
CANARIES = ("林静", "33010619850615002X", "13800138000", "lin.jing@example.org")


def run_story(broker_url: str, database_url: str, folder: Path) -> tuple[Any, str]:
    """Give the story's outcome and its log. It runs in a process of its own, since eventlet patches all of one."""
    module = "tests.unit.identity.bus_story"
    command = [sys.executable, "-W", "ignore", "-m", module, broker_url, database_url, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def check_log(log: str) -> None:
    """One summary line a call, and nobody's data in any line."""
    calls = [line for line in map(json.loads, log.splitlines()) if line["event"] == "bus.call.finished"]
    assert {"method", "caller", "outcome", "code", "duration_ms", "trace_id"} <= calls[0].keys()
    registered = [line["code"] for line in calls if line["method"] == "register_person"]
    assert registered.count("ok") == 22 and registered.count("identity.already-registered") == 61
    assert [canary for canary in CANARIES if canary in log] == []
    assert "identity.subject.disclosed" in log
    assert "zts_" not in log


def test_a_person_is_registered_and_raised_on_inproc_and_sqlite(tmp_path: Path) -> None:
    seen, log = run_story("inproc://", f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path)
    assert seen == EXPECTED
    check_log(log)
