"""A text from outside moves no cursor, writes no line of a log, and is no formula in a spreadsheet."""
from __future__ import annotations

import io
import json
import logging

import pytest

from services.payment.commands.settlement import _cell
from shared_components.cli import errors, output
from shared_components.kernel.errors import InvalidInput
from shared_components.kernel.plain_text import printable, printable_json
from shared_components.observability import configure_logging

HOSTILE = ["\x1b[2J", "\x9b31m", "a\nINFO forged line", "a\r\nb", "a\u202eb", "a\u2028b", "\x07", "a\x85b", "a\tb"]
OBEYED = set("\x1b\x9b\r\u202e\u2028\x07\x85\x7f")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("terminal", [True, False])
def test_a_table_shows_it_as_one_line_of_signs(
    text: str, terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("TERM", "dumb")
    output.print_rows([{"id": "x", "text": text}])
    said = capsys.readouterr().out
    assert not OBEYED & set(said)
    assert "forged line" not in [line.strip() for line in said.splitlines()]
    assert terminal or len(said.splitlines()) == 2
    assert terminal or [line.count("\t") for line in said.splitlines()] == [1, 1]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_the_same_without_what_a_terminal_obeys(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"text": text})
    said = capsys.readouterr().out
    assert json.loads(said) == {"text": text}
    assert not OBEYED & set(said)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_repeats_it_harmlessly(text: str, as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    errors.report(InvalidInput(f"name is {text!s}; others are allowed"), as_json=as_json)
    assert not OBEYED & set(capsys.readouterr().err)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("format", ["console", "json"])
def test_a_log_has_one_line_an_event(text: str, format: str) -> None:
    stream = io.StringIO()
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    try:
        configure_logging("info", format, stream=stream)
        logging.getLogger("test").info("a.b.done", extra={"matter_code": text})
    finally:
        for handler in root.handlers[:]:
            root.removeHandler(handler)
        for handler in before:
            root.addHandler(handler)
    said = stream.getvalue()
    assert said.count("\n") == 1
    assert not OBEYED & set(said)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_in_a_spreadsheet_is_no_formula(text: str) -> None:
    assert _cell({"collecting_unit": text}, "collecting_unit") == "'" + text
    assert _cell({"paid_minor": -1234}, "paid_minor") == "-12.34"


def test_what_people_read_stays_as_it_is() -> None:
    text = "驾驶证补换 😀 𰻝三 བསྟན (x) “y” a-b"
    assert printable(text) == text
    assert printable_json(json.dumps({"a": text}, ensure_ascii=False)) == json.dumps({"a": text}, ensure_ascii=False)
