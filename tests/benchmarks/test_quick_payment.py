"""Payment's own rows: notifications and reconciliation. No time decides anything."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.test_quick import KEYS

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(120)]


def measured(folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """The one result of a run, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", *arguments, "--output", str(folder)],
        capture_output=True, text=True, timeout=110, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = json.loads((folder / "results.json").read_text())
    return result, done.stdout


def test_notifications_of_prepared_orders_are_each_applied(tmp_path: Path) -> None:
    result, _ = measured(tmp_path, "--quick", "--only", "payment.apply")
    assert result["name"] == "payment.apply_channel_notification.concurrent" and result["value"] > 0
    assert result["baseline"] is None


def test_reconciliation_is_measured_alone_and_told_with_its_memory(tmp_path: Path) -> None:
    result, printed = measured(tmp_path, "--only", "payment.reconcile", "--lines", "2000")
    assert result.keys() == KEYS | {"lines", "import_lines_per_s", "reconcile_lines_per_s", "import_peak_mib",
                                    "reconcile_peak_mib"}  # fmt: skip
    assert (result["name"], result["unit"], result["lines"]) == ("payment.reconcile", "lines/s", 2000)
    assert result["value"] > 0 and result["p50_ms"] is None
    assert "2,000 lines" in printed and "MiB at most" in printed and "20,000 /s" in printed
