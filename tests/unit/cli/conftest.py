from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared_components.cli.app import run_command


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Zhongtai = Callable[..., Ran]


@pytest.fixture
def zhongtai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Zhongtai:
    """Runs a command line in an empty folder, with the embedded defaults."""
    monkeypatch.chdir(tmp_path)
    for name in ("ZHONGTAI_CONFIG", "ZHONGTAI_BROKER_URL", "ZHONGTAI_DATABASE_URL", "ZHONGTAI_HTTP_PORT"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run_command(arguments)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run
