"""The client as an app installs it, made once a session."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.client_environment import build_wheel, environment


@pytest.fixture(scope="session")
def client_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def client_python(client_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has zhongtai-client and what it requires, and nothing else."""
    return environment(tmp_path_factory.mktemp("client") / "venv", client_wheel)
