"""Stock nameko runs on `inproc://` unchanged."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_stock_services_proxies_and_events_run_unchanged() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.unit.inproc.nameko_on_inproc"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "reply": 8,
        "error": "RemoteError",
        "unknown service": "UnknownService",
        "unknown method": "MethodNotFound",
        "wrong arguments": "IncorrectSignature",
        "many": True,
        "after a cut": 10,
        "heard": [4, 5, 9],
    }
