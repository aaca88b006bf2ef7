"""Ctrl-C while the modules are loaded: there is nothing to undo, and a traceback of imports helps nobody."""
import os
import signal
from types import FrameType

INTERRUPTED = 130  # as shells have it: 128 and the number of SIGINT


def end_at_once() -> None:
    signal.signal(signal.SIGINT, _end)


def raise_again() -> None:
    """From here on a KeyboardInterrupt, for which `run_command` has its line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(number: int, frame: FrameType | None) -> None:
    # Without an import or a print: what they use may be half loaded.
    os.write(2, b"zhongtai: interrupted [cli.interrupted]\n")
    os._exit(INTERRUPTED)
