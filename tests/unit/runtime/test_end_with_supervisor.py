"""A supervised process ends when its supervisor dies, however that dies: nothing is left of a test that is killed."""
from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from shared_components.runtime.supervisor import SUPERVISED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal to orphans is Linux's")
TIMEOUT_S = 20
CHILD = """
import os, sys, time
from shared_components.runtime.supervisor import SUPERVISED, end_with_supervisor
end_with_supervisor()
print(os.getpid(), SUPERVISED in os.environ, flush=True)
time.sleep(60)
"""
PARENT = """
import os, subprocess, sys, time
from shared_components.runtime.supervisor import as_supervised
subprocess.Popen([sys.executable, "-c", sys.argv[1]], env=as_supervised(os.environ), start_new_session=True)
time.sleep(60)
"""


def test_a_supervised_process_ends_when_its_supervisor_is_killed() -> None:
    with subprocess.Popen(
            [sys.executable, "-c", PARENT, CHILD], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        number, inherited = parent.stdout.readline().split()
        child = psutil.Process(int(number))
        assert (child.is_running(), inherited) == (True, "False"), "what it starts is not supervised by another"
        parent.kill()
        assert psutil.wait_procs([child], timeout=TIMEOUT_S)[1] == []


def test_a_supervisor_that_died_before_is_noticed() -> None:
    """Between the start of a process and its first lines some 100 ms pass."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(TIMEOUT_S)
    ran = subprocess.run(
        [sys.executable, "-c", CHILD], env=os.environ | {SUPERVISED: str(gone.pid)}, timeout=TIMEOUT_S, check=False,
        capture_output=True)
    assert (ran.returncode, ran.stdout) == (-signal.SIGTERM, b"")
