"""The sample app's own tests, in a process of their own: alone, and against a stub of the platform's contracts."""
from __future__ import annotations

import subprocess
import sys

from tests.architecture.source import ROOT

TESTS = "docs/examples/residence-permit/tests"


def test_the_sample_app_holds_by_the_contracts() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", TESTS], cwd=ROOT,
        capture_output=True, text=True, check=False, timeout=110)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "skipped" not in ran.stdout
