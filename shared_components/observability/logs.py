"""Logging: one pipeline for structlog and the standard library, redacted at its end."""
from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import orjson
import structlog
from structlog.stdlib import ExtraAdder, LoggerFactory, ProcessorFormatter
from structlog.typing import Processor

from shared_components.kernel.plain_text import printable, printable_json
from shared_components.observability import calls
from shared_components.observability.exceptions import exception_processor
from shared_components.observability.foreign import ForeignArguments, quieten_libraries
from shared_components.observability.redaction import redaction_processor

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
FORMATS = ("auto", "console", "json")


def configure_logging(
    level: str = "info", format: str = "auto", sample: float = 1.0, *, stream: TextIO | None = None
) -> None:
    """Send every log record of this process to one stream (standard error), without personal data.

    format: `auto` is console on a terminal and JSON, one object a line, otherwise.
    sample: share of successful calls whose summary line is written, 0 to 1; failed calls are always written.
    """
    if level not in LEVELS or format not in FORMATS:
        raise ValueError(f"log is ({level!r}, {format!r}); level is one of {[*LEVELS]}, format one of {FORMATS}")
    target = stream or sys.stderr
    console = format == "console" or (format == "auto" and target.isatty())
    _configure_structlog(LEVELS[level])
    handler = logging.StreamHandler(target)
    handler.setFormatter(_formatter(console, colours=target.isatty()))
    handler.addFilter(ForeignArguments())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(LEVELS[level])
    # logging's own last resort prints a record's raw arguments when a handler fails.
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    _log_crashes()
    quieten_libraries()
    calls.configure(sample=sample, json_stream=None if console else handler)


def configure_from(section: Mapping[str, Any]) -> None:
    """From configuration section `log`."""
    configure_logging(section["level"], section["format"], section["sample"])


def _log_crashes() -> None:
    """Uncaught exceptions go through the pipeline, too; Python would print their messages as they are."""
    log = logging.getLogger("zhongtai.process")

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("process.main.crashed", exc_info=(kind, error, trace))

    def thread_crashed(crash: threading.ExceptHookArgs) -> None:
        if crash.exc_value is not None:
            log.critical("process.thread.crashed", exc_info=crash.exc_value)

    sys.excepthook = crashed
    threading.excepthook = thread_crashed


def _configure_structlog(level: int) -> None:
    structlog.configure(
        processors=[*_shared(), ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _current_exception,
    ]


def _formatter(console: bool, *, colours: bool) -> logging.Formatter:
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=_no_traceback) if console else _render_json
    )
    return ProcessorFormatter(
        foreign_pre_chain=[*_shared(), ExtraAdder()],
        processors=[
            ProcessorFormatter.remove_processors_meta, exception_processor, redaction_processor,
            *([_one_line] if console else []), renderer,
        ],
    )


def _current_exception(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if event_dict.get("exc_info") is True or (method == "exception" and "exc_info" not in event_dict):
        event_dict["exc_info"] = sys.exc_info()[1]
    return event_dict


def _one_line(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """No value writes a line of its own, or moves a terminal's cursor; a traceback has its lines."""
    for key, value in event_dict.items():
        if isinstance(value, str) and key != "exception":
            event_dict[key] = printable(value)
    return event_dict


def _render_json(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> str:
    written = orjson.dumps(dict(event_dict), default=lambda value: f"<{type(value).__name__}>").decode()
    return printable_json(written)


def _no_traceback(stream: TextIO, exc_info: Any) -> None:
    """Never reached: exceptions are text by then. Here so that the renderer cannot print one with its values."""
