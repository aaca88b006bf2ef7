"""Runs one server as its only child and leaves nothing of it behind.

Started by path in a process of its own (`python -I child_supervisor.py …`), so it imports nothing but the
standard library.
It is the "subreaper" of all that the server starts: daemons that detach (epmd) stay its descendants and end with it.

SIGTERM: the server is asked to stop, then killed. SIGUSR1: everything is killed at once.
The parent's end, also by SIGKILL: everything is ended and the folder is removed.
"""
from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
POLL_S = 0.3
WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1, signal.SIGINT, signal.SIGHUP}


def main() -> int:
    options = _options()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    server = subprocess.Popen(options.command, preexec_fn=_child_setup(options.user, libc), stdin=subprocess.DEVNULL)
    asked_to, code = _wait(server.pid, options.parent)
    if asked_to == "stop":
        _end(server.pid, options.stop_signal, options.grace_s)
    elif asked_to == "orphaned":
        _end(server.pid, options.orphan_signal, options.orphan_grace_s)
    kill_descendants()
    if asked_to == "orphaned" and options.folder:
        shutil.rmtree(options.folder, ignore_errors=True)
    return code


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--user", default="")
    parser.add_argument("--folder", default="")
    parser.add_argument("--stop-signal", type=int, default=int(signal.SIGTERM))
    parser.add_argument("--grace-s", type=float, default=20.0)
    parser.add_argument("--orphan-signal", type=int, default=int(signal.SIGKILL))
    parser.add_argument("--orphan-grace-s", type=float, default=5.0)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _child_setup(user: str, libc: ctypes.CDLL) -> Callable[[], None]:
    account = pwd.getpwnam(user) if user else None

    def setup() -> None:
        os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        if account is not None:
            os.initgroups(account.pw_name, account.pw_gid)
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        # After setuid, which clears it: the server follows even a supervisor that is killed itself.
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)

    return setup


def _wait(server_pid: int, parent: int) -> tuple[str, int]:
    """Wait for the server's end, a request, or the parent's end; says which it was, and the server's own exit code."""
    while True:
        received = signal.sigtimedwait(WATCHED, POLL_S)
        number = received.si_signo if received else 0
        if number == signal.SIGTERM:
            return "stop", 0
        if number == signal.SIGUSR1:
            return "kill", 0
        # Polled, not PR_SET_PDEATHSIG: that one fires when the parent's starting thread ends.
        if os.getppid() != parent:
            return "orphaned", 0
        ended = _reap()
        if server_pid in ended:
            return "ended", abs(os.waitstatus_to_exitcode(ended[server_pid]))


def _end(server_pid: int, number: int, grace_s: float) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(server_pid, number)
    until = time.monotonic() + grace_s
    while time.monotonic() < until and server_pid not in _reap():
        if not _alive(server_pid):
            return
        signal.sigtimedwait({signal.SIGCHLD}, 0.1)


def _reap() -> dict[int, int]:
    """Those that have ended, with how."""
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0] != 0:
            ended[found[0]] = found[1]
    return ended


def _alive(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")


def kill_descendants() -> None:
    # Again and again: a process killed late may have started another, which the kernel then gives to us.
    while found := descendants(os.getpid()):
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _reap()
        time.sleep(0.02)


def descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{name}/stat") as stat:
            # The command's name may hold spaces and brackets; the parent's id is the second field after its last one.
            parent = int(stat.read().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.append(child)
            waiting.append(child)
    return found


if __name__ == "__main__":
    sys.exit(main())
