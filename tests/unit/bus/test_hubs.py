"""The asyncio hub of eventlet: its changes, and what must stay the same for services that share it with the gateway."""
from __future__ import annotations

import subprocess
import sys

import pytest

WORK = """
import sys
from shared_components.bus.green.patching import patch
patch(asyncio_hub=sys.argv[1] == "asyncio")
import time
from eventlet.patcher import original
from shared_components.kernel.run_concurrently import run_concurrently

real = original("threading")

def wait(seconds):
    time.sleep(seconds)
    return seconds, real.get_ident() == MAIN

MAIN = real.get_ident()
began = time.monotonic()
print(run_concurrently(wait, [0.3, 0.2, 0.1]), time.monotonic() - began < 0.55, len(real.enumerate()))
"""
CHILD = """
from shared_components.bus.green.patching import patch
patch(asyncio_hub=True)
import os
from eventlet.hubs import get_hub
print(type(get_hub()).__module__, os.environ.get("EVENTLET_HUB"))
"""


def printed(program: str, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *arguments], capture_output=True, text=True, timeout=20,
        check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("hub", ["epolls", "asyncio"])
def test_work_side_by_side_is_done_by_greenlets_of_the_one_thread(hub: str) -> None:
    assert printed(WORK, hub) == "[(0.3, True), (0.2, True), (0.1, True)] True 1\n"


def test_the_hub_of_one_process_is_not_that_of_its_children() -> None:
    """`zhongtai run` starts services in processes of their own, which have no gateway beside them."""
    assert printed(CHILD) == "eventlet.hubs.asyncio None\n"
