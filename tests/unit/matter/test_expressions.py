"""Expressions of a definition: their types are checked before anything runs, and running them is bounded."""
from __future__ import annotations

import time
from typing import Any

import pytest

from services.matter.definitions.domain.errors import DefinitionInvalid, ExpressionFailed, ExpressionInvalid
from services.matter.definitions.domain.expressions import (
    TEXT,
    WHOLE,
    YES_NO,
    Expression,
    Variable,
    check_expression,
)
from services.matter.publishing.adapters.definition_reader import read_definition
from tests.cases.definitions import a_definition, as_yaml, callback_step, notify_step

FIELDS = {
    "form.delivery": Variable(TEXT, always=True), "form.copies": Variable(WHOLE), "form.urgent": Variable(YES_NO),
    "steps.medical_check.examined_on": Variable(TEXT), "today": Variable(TEXT, always=True),
}


@pytest.mark.parametrize("text", [
    'form.delivery == "post"', "form.copies > 2 && form.urgent", 'form.delivery.startsWith("p") ? form.urgent : true',
    'form.copies == null', 'years_between(steps.medical_check.examined_on, today) < 2', '"a" in [form.delivery]',
    'days_after(today, 30) > steps.medical_check.examined_on',
])
def test_a_condition_of_known_fields_is_taken(text: str) -> None:
    check_expression(text, FIELDS, YES_NO)


@pytest.mark.parametrize(("text", "told"), [
    ('form.delivery == 3', "no matching overload"),
    ('form.copies == "two"', "no matching overload"),
    ('form.deliver == "post"', "undeclared reference to 'form.deliver'"),
    ('applicant.level > 2', "undeclared reference"),
    ('form.delivery ==', "Syntax error"),
    ('form.copies + 1', "gives whole number; true or false is allowed"),
    ('__import__("os").system("true")', "undeclared reference"),
    ("x" * 2001, "2001 characters; 2000 are allowed"),
    ("(" * 900 + "true" + ")" * 900, "is not valid CEL"),
])
def test_a_mistake_is_told_with_its_place_in_both_languages(text: str, told: str) -> None:
    with pytest.raises(ExpressionInvalid) as refused:
        check_expression(text, FIELDS, YES_NO)
    assert told in refused.value.message
    assert "表达式" in refused.value.message_in("zh-CN")


def test_a_field_that_is_not_filled_equals_nothing_and_breaks_nothing() -> None:
    known = {"form": {"delivery": None, "copies": None}}
    assert not Expression('form.delivery == "post"').holds(known)
    assert Expression('form.delivery != "post"').holds(known)
    assert not Expression("form.copies > 2").holds(known)
    with pytest.raises(ExpressionFailed):
        Expression("form.copies + 2").value(known)


def test_an_error_repeats_nothing_of_the_case() -> None:
    with pytest.raises(ExpressionFailed) as failed:
        Expression('years_after(form.born, 1)').value({"form": {"born": "330106199003070014"}})
    assert "330106199003070014" not in f"{failed.value.message} {failed.value.details} {failed.value.__cause__}"


def test_loops_within_loops_end_early() -> None:
    text = "true"
    for name in "abcdefgh":
        text = f"[0,1,2,3,4,5,6,7,8,9].all({name}, {text})"
    started = time.monotonic()
    assert not Expression(text).holds({})
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("text", "day"), [
    ('years_after("2024-02-29", 1)', "2025-02-28"), ('days_after("2026-01-01", -1)', "2025-12-31"),
    ('years_after("9999-01-01", 5)', "9999-12-31"),
])
def test_days_are_text_in_the_form_of_dates(text: str, day: str) -> None:
    assert Expression(text).value({}) == day


def problems(**changes: Any) -> list[dict[str, Any]]:
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(as_yaml(a_definition(**changes)))
    found: list[dict[str, Any]] = refused.value.details["problems"]
    return found


TOLD = {"zh": "说明", "en": "note"}
FORM = {"type": "object", "properties": {"delivery": {"type": "string", "enum": ["electronic", "post"]}}}


def test_a_step_reads_results_of_the_steps_before_it_only() -> None:
    first, later = callback_step("medical-check"), notify_step("tell", "told")
    when = "steps.medical_check.passed"
    read_definition(as_yaml(a_definition(steps=[first, {**later, "after": ["medical-check"], "when": when}])))
    (problem,) = problems(steps=[first, {**later, "when": when}])
    assert (problem["path"], "undeclared reference" in problem["message"]) == ("steps.1.when", True)


def test_a_value_that_a_field_never_has_is_told() -> None:
    (problem,) = problems(form=FORM, steps=[{**notify_step("tell", "told"), "when": "form.delivery == 'pigeon'"}])
    assert problem["allowed"] == "electronic, post"


PERSONAL = "applicant.id_number"


@pytest.mark.parametrize(("kind", "settings", "path"), [
    ("callback", {"notes": [{"when": "true", "values": {"x": PERSONAL}, "line": TOLD}]}, "notes.0.values.x"),
    ("callback", {"notes": [{"when": "applicant.name == 'x'", "values": {}, "line": TOLD}]}, "notes.0.when"),
    ("callback", {"notes": [{"when": "true", "values": {"x": "applicant.birth_date"}, "line": TOLD}]},
     "notes.0.values.x"),
    ("check", {"rules": [{"holds": f"{PERSONAL} < '5'", "code": "no", "reason": TOLD}]}, "rules.0.holds"),
    ("check", {"rules": [{"holds": "true", "code": "no", "reason": TOLD, "values": {"x": "applicant.name"}}]},
     "rules.0.values.x"),
])
def test_what_identifies_the_applicant_reaches_no_result_reason_or_timeline(
    kind: str, settings: dict[str, Any], path: str,
) -> None:
    step = callback_step("medical", **settings) if kind == "callback" else {
        **notify_step("medical", "x"), "kind": "check", "with": settings}
    assert [problem["path"] for problem in problems(steps=[step])] == [f"steps.0.with.{path}"]


@pytest.mark.parametrize("line", ["due {due}", "{", "{values.__class__}", "{day:>1000000000}", "{day!r}"])
def test_a_text_has_no_placeholder_but_those_that_are_filled(line: str) -> None:
    note = {"when": "true", "values": {"day": "today"}, "line": {"zh": "截止", "en": line}}
    (problem,) = problems(steps=[callback_step("medical", notes=[note])])
    assert (problem["path"], problem["allowed"]) == ("steps.0.with.notes.0.line.en", "day")
