"""A supplier's project runs a port's suite alone: green for an adapter that keeps its promises, red for another."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "supplier-store"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The supplier's files, outside of the checkout."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__")))


def run(project: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly", "-q"],
        cwd=project, env=kept, capture_output=True, text=True, timeout=120, check=False)


def test_an_adapter_that_keeps_the_promises_passes(project: Path) -> None:
    ran = run(project)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "12 passed" in ran.stdout


@pytest.mark.parametrize(("kept", "broken", "test", "told"), [
    ("INSERT INTO", "INSERT OR REPLACE INTO", "test_a_content_is_never_replaced", "DID NOT RAISE"),
    ('b"".join(pieces.all)', 'b"".join(pieces.all[:1])', "test_a_content_is_read_as_it_was_written",
     "assert b'one' == b'onetwo'"),
])
def test_an_adapter_that_breaks_a_promise_is_told_which(
    project: Path, kept: str, broken: str, test: str, told: str,
) -> None:
    adapter = project / "sqlite_store.py"
    text = adapter.read_text(encoding="utf-8")
    assert kept in text
    adapter.write_text(text.replace(kept, broken), encoding="utf-8")
    ran = run(project)
    assert (ran.returncode, test in ran.stdout, told in ran.stdout) == (1, True, True), ran.stdout
