"""Log records of the libraries below us: they like to log whole message bodies as arguments."""
from __future__ import annotations

import logging
import re
from typing import Any

from shared_components.observability.exceptions import describe_exception
from shared_components.observability.patterns import scrub, scrub_foreign_text

OURS = ("shared_components", "services", "zhongtai")
# An address, a queue, a class: one word of ASCII without quotes or braces.
PLAIN_WORD = re.compile(r"[\w.\-:/<>@#*+ ]{1,80}", re.ASCII)
# Below this level they log frames, bodies and statements with their parameters.
QUIET = {
    "amqp": logging.WARNING, "kombu": logging.WARNING, "nameko": logging.INFO, "sqlalchemy": logging.WARNING,
    "aiormq": logging.WARNING, "aiosmtpd": logging.WARNING, "mail.log": logging.WARNING, "httpx": logging.WARNING,
    "httpcore": logging.WARNING, "asyncio": logging.WARNING, "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING, "alembic": logging.WARNING,
    "python_multipart": logging.WARNING,
}


class ForeignArguments(logging.Filter):
    """Replaces what a library's message would show of its arguments by what they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".", 1)[0] in OURS or hasattr(record, "_logger"):
            return True
        if record.name == "py.warnings":
            record.msg, record.args = scrub_foreign_text(record.getMessage()), ()
        elif isinstance(record.args, dict):
            record.args = {name: _safe(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_safe(value) for value in record.args)
        if not isinstance(record.msg, str | dict):
            record.msg = _safe(record.msg)
        return True


def quieten_libraries() -> None:
    """Keep the libraries' chatter out, at every level of our own."""
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def _safe(value: Any) -> Any:
    if isinstance(value, bool | int | float | type(None)):
        return value
    if isinstance(value, BaseException):
        return describe_exception(value)
    if isinstance(value, str):
        return scrub(value) if PLAIN_WORD.fullmatch(value) else f"<text of {len(value)} characters>"
    return f"<{type(value).__name__}>"
