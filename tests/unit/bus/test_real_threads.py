"""Computing in real threads: a green process goes on, and no more callers wait than may."""
from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from shared_components.bus import RealThreads, ThreadsBusy

WORK = """
import sys
from shared_components.bus.green.patching import patch
patch(asyncio_hub=sys.argv[1] == "asyncio")
import time
import eventlet
from eventlet.patcher import original
from shared_components.bus import RealThreads, ThreadsBusy
from services.identity.credentials.adapters.argon2 import Argon2Hasher, Parameters

real = original("threading")
main = real.get_ident()
threads = RealThreads(2, waiting=1)
seen = []
print("apart", threads.run(real.get_ident) != main)

try:
    threads.run(lambda: 1 / 0)
except ZeroDivisionError:
    print("error", "raised")

def sleeping():
    original("time").sleep(0.4)
    return "slept"

beats = []
def beat():
    while True:
        beats.append(time.monotonic())
        eventlet.sleep(0.01)

heart = eventlet.spawn(beat)
callers = [eventlet.spawn(threads.run, sleeping) for _ in range(3)]
eventlet.sleep(0.05)
print("inside", threads.inside)
try:
    threads.run(sleeping)
except ThreadsBusy:
    print("busy", "raised")
print("results", [caller.wait() for caller in callers], threads.inside)

hasher = Argon2Hasher(threads, Parameters(memory_kib=128 * 1024, passes=3))
before = len(beats)
encoded = hasher.hash("correct horse battery")
print("verified", hasher.verify("correct horse battery", encoded), hasher.verify("wrong", encoded))
gaps = [after - first for first, after in zip(beats[before:], beats[before + 1:])]
print("alive", len(gaps) >= 5)
heart.kill()
"""
EXPECTED = [
    "apart True", "error raised", "inside 3", "busy raised", "results ['slept', 'slept', 'slept'] 0",
    "verified True False", "alive True",
]


@pytest.mark.parametrize("hub", ["epolls", "asyncio"])
def test_a_green_process_goes_on_while_threads_compute(hub: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WORK, hub], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == EXPECTED


def test_where_nothing_is_green_callers_are_bounded_too() -> None:
    threads, begun, let_go = RealThreads(1, waiting=0), threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        let_go.wait(10)

    holder = threading.Thread(target=threads.run, args=[hold])
    holder.start()
    assert begun.wait(10)
    with pytest.raises(ThreadsBusy):
        threads.run(time.monotonic)
    let_go.set()
    holder.join(10)
    assert threads.run(lambda: "free") == "free"
