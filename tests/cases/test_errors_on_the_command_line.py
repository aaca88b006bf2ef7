"""A command that fails tells all that the error tells: every mistake with its line, path and what is allowed.

The input that failed: `zhongtai call matter.publish_definition` with a definition that has several mistakes. One line
number was shown, without what is allowed; the other mistakes stood in details that no command printed.
"""
from __future__ import annotations

import json
from typing import Any

import pytest

from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.publishing.adapters.definition_reader import read_definition
from shared_components.cli.app import run_command
from shared_components.cli.errors import report, wrong_use
from shared_components.kernel.errors import AppError, Conflict, InvalidInput, Unavailable
from tests.cases.definitions import a_definition, as_yaml, callback_step, notify_step
from tests.unit.gateway.world import Edge, problem_of

MISTAKES = as_yaml(a_definition(
    applicant={"kinds": ["persons"], "level": 9},
    steps=[{**notify_step("tell", "T!"), "after": ["nothing"]}, callback_step("medical", surprise=1)],
))


def told(error: AppError, capsys: pytest.CaptureFixture[str], **how: Any) -> list[str]:
    report(error, **how)
    return capsys.readouterr().err.splitlines()


def mistakes_of(text: str) -> DefinitionInvalid:
    with pytest.raises(DefinitionInvalid) as raised:
        read_definition(text)
    return raised.value


def test_every_mistake_has_a_line_of_its_own_with_line_path_and_what_is_allowed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = mistakes_of(MISTAKES)
    problems = error.details["problems"]
    assert len(problems) == 4
    first, *lines = told(wrong_use(error), capsys)
    assert first.startswith("zhongtai: definition has 4 mistake(s)")
    assert first.endswith("[matter.definition-invalid]")
    assert lines == [
        f"  line {each['line']}, {each['path']}: {each['message']} (allowed: {each['allowed']})" for each in problems]
    assert any("steps.1.with.surprise" in line and "source" in line for line in lines)


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    error = mistakes_of(MISTAKES)
    (line,) = told(error, capsys, as_json=True)
    assert json.loads(line)["error"]["details"] == error.details


def test_a_mistake_cannot_write_what_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    problem = {"line": 1, "path": "a\x1b[2J", "message": "b\r\nzhongtai: forged", "allowed": "c\u202e"}
    lines = told(InvalidInput("wrong", details={"problems": [problem]}), capsys)
    assert len(lines) == 2
    assert not any(char in lines[1] for char in "\x1b\r\u202e")


@pytest.mark.parametrize(("error", "shown"), [
    (InvalidInput("it is wrong", details={"fields": {"lines": {"0": {"quantity": ["is too small"]}}}}),
     "it is wrong (lines.0.quantity: is too small)"),
    (Unavailable("not now", details={"retry_after_s": 2}), "not now (retry_after_s: 2)"),
    (Conflict("order is 'closed'", details={"state": "closed", "order_id": "pay_7"}),
     "order is 'closed' (order_id: pay_7)"),
    (InvalidInput("column is unknown", details={"line": 3, "allowed": ["a", "b"]}),
     "column is unknown (line: 3; allowed: a, b)"),
    (InvalidInput("wrong", details={"problems": [{"message": "no"}], "fields": {"x": ["no"]}}), "wrong"),
])
def test_the_details_of_any_error_are_told(
    error: AppError, shown: str, capsys: pytest.CaptureFixture[str],
) -> None:
    assert told(error, capsys)[0] == f"zhongtai: {shown} [{error.code}]"


@pytest.mark.parametrize("options", [[], ["--json-errors"]])
def test_call_tells_its_errors_in_either_form(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--json of `call` is the request, so its errors have an option of their own."""
    assert run_command(["call", "no-target", *options]) == 2
    line = capsys.readouterr().err
    assert line.startswith('{"error": ' if options else "zhongtai: ")


def test_over_http_they_are_details_of_the_problem() -> None:
    error = mistakes_of(MISTAKES)
    problem = problem_of(Edge({"till.read": error}).read(), 400, "matter.definition-invalid")
    assert problem["details"]["problems"] == error.details["problems"]
    assert problem["fields"] == error.fields_in("zh")
