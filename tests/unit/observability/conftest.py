from __future__ import annotations

import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from shared_components.observability import configure_logging

Capture = Callable[..., io.StringIO]


@pytest.fixture
def capture() -> Iterator[Capture]:
    """Configure logging onto a string; everything global is put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, logging.raiseExceptions)

    def configure(**settings: object) -> io.StringIO:
        stream = io.StringIO()
        configure_logging(**{"level": "debug", "format": "json", **settings}, stream=stream)  # type: ignore[arg-type]
        return stream

    with warnings.catch_warnings():
        yield configure
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    for handler in before[0]:
        root.addHandler(handler)
    root.setLevel(before[1])
    sys.excepthook, threading.excepthook, logging.raiseExceptions = before[2:]
    logging.captureWarnings(False)
    structlog.reset_defaults()
