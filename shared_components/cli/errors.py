"""How a command fails: a line on standard error and one for each mistake, an exit code, never a traceback."""
from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from shared_components.cli.interrupt import INTERRUPTED
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.plain_text import printable, printable_json
from shared_components.runtime.errors import WrongUse as WrongUse

OK, FAILED, WRONG = 0, 1, 2
MISTAKES = ("problems", "warnings")
"""Keys of details that list mistakes, each with message and, where known, line, path and allowed."""
TOLD_ELSEWHERE = frozenset({*MISTAKES, "fields", "trace_id"})
LOG_FILE = Path("var") / "zhongtai-errors.log"


def wrong_use(error: AppError) -> WrongUse:
    """The same error, under its own code, as one that whoever typed the command must mend."""
    wrong = WrongUse(error.message, details=error.details)
    wrong.code = error.code
    return wrong


class NotBuilt(AppError):
    """A part that this version does not have."""

    code = "cli.not-built"
    texts = {"en": "This version cannot do that yet.", "zh": "此版本尚不支持。"}


def report(error: BaseException, *, as_json: bool = False) -> int:
    """Say what is wrong, and give the exit code."""
    code, message, exit_code = _told(error)
    if as_json:
        details = error.details if isinstance(error, AppError) else {}
        line = printable_json(json.dumps(
            {"error": {"code": code, "message": message, "details": details}}, ensure_ascii=False, default=str))
    else:
        said = f"zhongtai: {message} [{code}]".split("\n")
        line = "\n".join(map(printable, [*said, *_mistakes(error)]))
    print(line, file=sys.stderr)
    return exit_code


def _mistakes(error: BaseException) -> Iterator[str]:
    """A line for each mistake or warning that details tell of: where it is, what it is, what is allowed."""
    if not isinstance(error, AppError):
        return
    for key in MISTAKES:
        listed = error.details.get(key)
        for each in listed if isinstance(listed, list) else ():
            yield "  " + mistake_line(each)


def mistake_line(mistake: Any) -> str:
    """`line 12, steps.0.after.0: … (allowed: …)`; of an unknown form, its JSON."""
    if not isinstance(mistake, Mapping) or "message" not in mistake:
        return _printable(json.dumps(mistake, ensure_ascii=False, default=str))
    line = [f"line {mistake['line']}"] if "line" in mistake else []
    where = ", ".join([*line, *([str(mistake["path"])] if mistake.get("path") else [])])
    allowed = f" (allowed: {mistake['allowed']})" if mistake.get("allowed") else ""
    return _printable(f"{where}: {mistake['message']}{allowed}" if where else f"{mistake['message']}{allowed}")


def _printable(text: str) -> str:
    """One line, and nothing that a terminal would obey: a file or service may have put anything into it."""
    return "".join(char if char.isprintable() else " " for char in _one_line(text))


def _told(error: BaseException) -> tuple[str, str, int]:
    if isinstance(error, click.ClickException):
        return _told_by_click(error)
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return "cli.interrupted", "interrupted", INTERRUPTED
    if _is_configuration(error):
        said = error.message if isinstance(error, AppError) else str(error)
        return str(getattr(error, "code", "configuration-invalid")), _one_line(said), WRONG
    if isinstance(error, AppError):
        wrong = isinstance(error, WrongUse)
        trace = error.details.get("trace_id")
        # Where every mistake has a line of its own, they say all that the fields do.
        fields = None if any(error.details.get(key) for key in MISTAKES) else error.details.get("fields")
        facts = [*_wrong_fields(fields), *_facts(error), *([f"trace {trace}"] if trace else [])]
        told = error.message + (f" ({'; '.join(facts)})" if facts else "")
        return error.code, _one_line(told), WRONG if wrong else FAILED
    return "internal", _unexpected(error), FAILED


def _facts(error: AppError) -> Iterator[str]:
    """Yield details that the message does not contain, such as `retry_after_s: 2`, without fields and mistakes."""
    for key, value in error.details.items():
        values = value if isinstance(value, list) else [value]
        if key in TOLD_ELSEWHERE or not all(isinstance(each, str | int | float) for each in values):
            continue
        if any(str(each) not in error.message for each in values):
            yield f"{key}: {', '.join(map(str, values))}"


def _told_by_click(error: click.ClickException) -> tuple[str, str, int]:
    context = getattr(error, "ctx", None)
    hint = f"; see '{context.command_path} --help'" if context is not None else ""
    return "cli.wrong-use", _one_line(error.format_message()).rstrip(".") + hint, error.exit_code


def _wrong_fields(fields: Any, path: str = "") -> Iterator[str]:
    """Yield a service's message for each field: `lines.0.quantity: Must be greater than …`."""
    if isinstance(fields, Mapping):
        for name, inner in fields.items():
            yield from _wrong_fields(inner, f"{path}.{name}" if path else str(name))
    elif fields:
        texts = fields if isinstance(fields, list) else [fields]
        yield f"{path}: " + " ".join(str(text).rstrip(".") for text in texts)


def _is_configuration(error: BaseException) -> bool:
    """Also the checks of the layers below, which know the configuration's keys but not its error class."""
    from shared_components.configuration.errors import ConfigurationError
    from shared_components.db.settings import DatabaseSettingsError

    return isinstance(error, ConfigurationError | DatabaseSettingsError) or (
        isinstance(error, ValueError) and isinstance(getattr(error, "key", None), str))


def _unexpected(error: BaseException) -> str:
    """A bug: the line names an id; under it the log file has the traceback (which may hold data, the line must not)."""
    number = new_id("err")
    told = f"unexpected error {type(error).__name__} ({number})"
    entry = {
        "id": number, "at": datetime.now(UTC).isoformat(), "command": sys.argv[1:2],
        "traceback": "".join(traceback.format_exception(error)),
    }
    try:
        LOG_FILE.parent.mkdir(parents=True, exist_ok=True)
        with LOG_FILE.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    except OSError:
        return f"{told}; its details could not be written to {LOG_FILE}"
    return f"{told}; its details are in {LOG_FILE}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
