"""The helper servers of `zhongtai run` leave nothing behind, however it ends."""
from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

PARENT = """
import sys, time
from contextlib import ExitStack
from pathlib import Path
from shared_components.cli.sandbox import start_sandbox
with ExitStack() as stack:
    print(start_sandbox(stack, Path(sys.argv[1])).pay_url, flush=True)
    time.sleep(60)
"""
TIMEOUT_S = 20.0


def test_the_pay_channel_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    assert httpx.get(url).status_code < 500
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + TIMEOUT_S
    with pytest.raises(httpx.ConnectError):
        while time.monotonic() < until:
            httpx.get(url)
            time.sleep(0.1)
