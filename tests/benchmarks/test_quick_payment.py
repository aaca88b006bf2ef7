"""Payment's own rows: notifications and reconciliation. No time decides anything."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.test_quick import KEYS


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_notifications_of_prepared_orders_are_each_applied(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", "--quick", "--only", "payment.apply", "--output",
         str(tmp_path)],
        capture_output=True, text=True, timeout=110, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = json.loads((tmp_path / "results.json").read_text())
    assert result["name"] == "payment.apply_channel_notification.concurrent" and result["value"] > 0
    assert result["baseline"] is None


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_reconciliation_is_measured_alone_and_told_with_its_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", "--only", "payment.reconcile", "--lines", "2000",
         "--output", str(tmp_path)],
        capture_output=True, text=True, timeout=110, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = json.loads((tmp_path / "results.json").read_text())
    assert result.keys() == KEYS | {"lines", "import_lines_per_s", "reconcile_lines_per_s", "import_peak_mib",
                                    "reconcile_peak_mib"}  # fmt: skip
    assert (result["name"], result["unit"], result["lines"]) == ("payment.reconcile", "lines/s", 2000)
    assert result["value"] > 0 and result["p50_ms"] is None
    assert "2,000 lines" in done.stdout and "MiB at most" in done.stdout and "20,000 /s" in done.stdout
