"""The Python programs of the README and the guides, each in its own process, against services on RabbitMQ."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from shared_components.devstack.processes import free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rehearsal import prepare, start_proxy
from shared_components.runtime.supervisor import as_supervised
from tests.unit.docs.pages import (
    GUIDES,
    README,
    ROOT,
    Block,
    blocks,
    told_output,
    without_what_varies,
)

pytestmark = pytest.mark.integration
START_TIMEOUT_S = 60.0
PAGES = [README, GUIDES / "app-teams.md"]
PROGRAMS = [
    (block, told_output(page, index))
    for page in map(blocks, PAGES) for index, block in enumerate(page) if block.language == "python"
]


@pytest.fixture(scope="module")
def environment(rabbitmq: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """`zhongtai run` as `make up` runs it, and what its reader then has in the environment."""
    if not isinstance(rabbitmq, PrivateRabbitMQ):
        pytest.skip("a broker named by the environment has users of its own")
    folder = tmp_path_factory.mktemp("platform")
    port = free_port()
    own = folder / "own.yaml"
    own.write_text(yaml.safe_dump({"http": {"port": port, "public_url": f"http://127.0.0.1:{port}"}}))
    rehearsal = prepare(rabbitmq, folder, {"ZHONGTAI_CONFIG": str(own)})
    urls = {**rehearsal.urls, "ZHONGTAI_DATABASE_URL": f"sqlite:///{folder}/zhongtai.db"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHONGTAI_")}
    environment = clean | urls | {"PYTHONPATH": str(ROOT)}
    proxy = start_proxy(rehearsal, folder / "proxy.log", environment)
    with (folder / "log").open("wb") as log:
        platform = subprocess.Popen(
            [sys.executable, "-m", "shared_components.cli.main", "-c", "zhongtai.yaml", "run"],
            cwd=folder, env=as_supervised(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for_greeting(platform, folder / "log")
        yield environment
    finally:
        platform.send_signal(signal.SIGINT)
        platform.wait(60)
        proxy.stop()


def wait_for_greeting(platform: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while "Ctrl-C stops it" not in (text := log.read_text(errors="replace")):
        assert platform.poll() is None and time.monotonic() < until, text[-3000:]
        time.sleep(0.1)


@pytest.mark.parametrize(("program", "told"), PROGRAMS, ids=[str(program) for program, _ in PROGRAMS])
def test_a_program_prints_what_the_page_says(
    program: Block, told: str | None, environment: Mapping[str, str], tmp_path: Path,
) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program.text], cwd=tmp_path, env=dict(environment),
        capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    if told is not None:
        assert without_what_varies(ran.stdout) == without_what_varies(told)
