"""`make up` fails when the platform runs without its seed."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.cli import run
from shared_components.testing import stack


def test_a_missing_seed_is_a_failure_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stack, "_ready", lambda: True)
    stack.FOLDER.mkdir(parents=True)
    stack.LOG.write_text(f"{run.SEED_FAILED}not running after 60 s: matter [cli.seed-failed]\nzhongtai runs: matter\n")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as keeper:
        assert stack._await(keeper) == 1
        assert keeper.wait(20) != 0
    assert "not running after 60 s: matter" in capsys.readouterr().out
