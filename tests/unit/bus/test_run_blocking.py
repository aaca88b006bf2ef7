"""Blocking functions run beside the event loop, also where that is eventlet's hub."""
from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from shared_components.bus.green.run_blocking import run_blocking

GREEN = """
from shared_components.bus.green.patching import patch
patch(asyncio_hub=True)
import asyncio, threading
import eventlet
from eventlet.patcher import original
from shared_components.bus.green.run_blocking import run_blocking

def refuse():
    raise LookupError("no")

async def refused():
    try:
        await run_blocking(refuse, timeout_s=20)
    except LookupError as error:
        return str(error)

async def ask():
    slow = run_blocking(lambda: eventlet.sleep(0.01) or "slow", timeout_s=20)
    print(await asyncio.gather(slow, run_blocking(lambda: "quick", timeout_s=20)), await refused())
    try:
        await run_blocking(lambda: eventlet.Event().wait(), timeout_s=0.05)
    except TimeoutError:
        print("timeout")
    print(len(original("threading").enumerate()))

done = eventlet.Event()
async def main():
    try:
        await ask()
    finally:
        done.send(None)

eventlet.sleep(0)
task = asyncio.get_event_loop().create_task(main())
done.wait()
"""


def test_green_services_need_no_thread_for_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GREEN], capture_output=True, text=True, timeout=60, check=False)
    assert ran.stdout.splitlines() == ["['slow', 'quick'] no", "timeout", "1"], ran.stderr


def test_elsewhere_it_is_a_thread_that_may_hang() -> None:
    free = threading.Event()

    async def ask() -> int:
        with pytest.raises(TimeoutError):
            await run_blocking(free.wait, timeout_s=0.05)
        free.set()
        return await run_blocking(threading.get_ident, timeout_s=20)

    assert asyncio.run(ask()) != threading.get_ident()
