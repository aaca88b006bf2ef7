"""No input of a user stops a process: patterns are RE2, and what a document or form may cost is bounded beforehand.

The input that failed: a form's rule `^([A-Za-z0-9._-]+)+@example[.]org$` and 40 times `a` and `!` as the value.
Python's `re` needs 2^40 steps for it, and the matter process served nobody in that time.
"""
from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from services.identity.subjects.domain.documents import DocumentRules, DocumentType
from services.identity.subjects.domain.errors import DocumentNumberInvalid
from services.identity.subjects.settings import IdentitySettings
from services.matter.definitions.domain.errors import DefinitionInvalid, DefinitionOutdated, FormInvalid
from services.matter.definitions.domain.forms import check_form
from services.matter.publishing.adapters.definition_reader import read_definition
from shared_components.kernel.patterns import PatternInvalid, pattern_of
from shared_components.observability.patterns import scrub
from tests.cases.answering import EVIL_RULE, EVIL_VALUE
from tests.cases.definitions import a_definition, as_yaml, callback_step

SECONDS = 2.0


def within_bounds(do: Callable[[], Any]) -> Any:
    began = time.process_time()
    try:
        return do()
    finally:
        assert time.process_time() - began < SECONDS


def form(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def wrong(do: Callable[[], Any]) -> dict[str, list[str]]:
    with pytest.raises(FormInvalid) as raised:
        within_bounds(do)
    fields: dict[str, list[str]] = raised.value.details["fields"]
    return fields


def problems(text: str) -> list[dict[str, Any]]:
    with pytest.raises(DefinitionInvalid) as raised:
        within_bounds(lambda: read_definition(text))
    found: list[dict[str, Any]] = raised.value.details["problems"]
    return found


# patterns

@pytest.mark.parametrize(("rule", "value"), [
    (EVIL_RULE, EVIL_VALUE),
    (r"^(a+)+$", "a" * 100_000 + "!"),
    (r"^(a|aa)+$", "a" * 100_000 + "!"),
    (r"^(a|a?)+$", "a" * 100_000 + "!"),
    (r"(.*a){9}$", "a" * 100_000 + "!"),
    (r"^(\d+\.?)+$", "1" * 100_000 + "x"),
    (r"^\s*(\S+\s*)+;$", "x " * 50_000),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 100_000),
])
def test_a_rule_that_would_take_for_ever_by_backtracking_is_answered_at_once(rule: str, value: str) -> None:
    definition = a_definition(form=form(address={"type": "string", "pattern": rule}))
    assert read_definition(as_yaml(definition))["form"]["properties"]["address"]["pattern"] == rule
    fields = wrong(lambda: check_form(definition["form"], {"address": value}, complete=False))
    assert fields == {"address": [f"does not keep the rule pattern: {rule}"]}


@pytest.mark.parametrize(("pattern", "value", "fits"), [
    (r"^[一-龥]{2,4}$", "驾驶证", True), (r"^[一-龥]{2,4}$", "licence", False), (r"b", "abc", True),
    (r"^a$", "a\n", False), (r"^\d+$", "٣", False), (r"^.$", "𫰠", True), (r".", "\ud83d", False),
])
def test_patterns_mean_what_json_schema_says(pattern: str, value: str, fits: bool) -> None:
    assert pattern_of(pattern).search(value) is fits


@pytest.mark.parametrize("pattern", [
    r"^(?=.*\d).+$", r"^(?!x)", r"(?<=a)b", r"(a)\1", r"x{1001}", r"(x{100}){100}", r"(\pL{0,900}\pN?){900}", "[", "(",
    r"\u4e00", "*a",
])
def test_a_pattern_that_re2_refuses_is_refused_at_publication_with_its_line_and_what_is_allowed(pattern: str) -> None:
    text = as_yaml(a_definition(form=form(name={"type": "string"}, address={"type": "string", "pattern": pattern})))
    (problem,) = problems(text)
    line = next(number for number, found in enumerate(text.splitlines(), 1) if "pattern:" in found)
    assert (problem["line"], problem["path"]) == (line, "form.properties.address.pattern")
    assert "RE2" in problem["allowed"]


def test_the_result_of_a_callback_is_checked_like_a_form() -> None:
    result = form(number={"type": "string", "pattern": "(?=x)"}) | {"required": ["nothing"]}
    found = problems(as_yaml(a_definition(steps=[callback_step("medical", result=result)])))
    assert [problem["path"] for problem in found] == [
        "steps.0.with.result.properties.number.pattern", "steps.0.with.result.required.0"]


def test_patterns_that_are_slow_even_without_backtracking_are_refused_at_publication() -> None:
    """RE2 takes the program's size for each character: [ab]*a[ab]{500}b on 150,000 characters is a second."""
    slow = {"type": "string", "pattern": "^[ab]*a[ab]{500}b$"}
    (problem,) = problems(as_yaml(a_definition(form=form(address=slow))))
    assert "maxLength" in problem["allowed"]
    many = {f"field_{number}": {**slow, "maxLength": 2000} for number in range(30)}
    assert "maxLength" in problems(as_yaml(a_definition(form=form(**many))))[0]["allowed"]
    read_definition(as_yaml(a_definition(form=form(address={**slow, "maxLength": 2000}))))


@pytest.mark.parametrize("pattern", ["^(?=.*[0-9]).+$", "^[ab]*a[ab]{500}b$"])
def test_what_was_published_before_is_bounded_at_its_use(pattern: str) -> None:
    old = form(address={"type": "string", "pattern": pattern})
    with pytest.raises(DefinitionOutdated):
        within_bounds(lambda: check_form(old, {"address": "a" * 150_000}, complete=False))


def test_a_value_that_is_too_long_is_told_so_and_not_searched() -> None:
    rules = form(address={"type": "string", "pattern": "^[ab]*a[ab]{500}b$", "maxLength": 10})
    fields = wrong(lambda: check_form(rules, {"address": "a" * 200_000}, complete=False))
    assert fields == {"address": ["does not keep the rule maxLength: 10"]}


# values

def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [deep(900), {"a": {"b": 1}}, [1] * 50_000])
def test_a_value_that_is_a_list_or_mapping_is_refused_without_being_gone_into(value: Any) -> None:
    rules = form(delivery={"type": "string", "enum": ["post"]})
    fields = wrong(lambda: check_form(rules, {"delivery": value}, complete=True))
    assert fields == {"delivery": ["is of the wrong type; allowed: string"]}


@pytest.mark.parametrize("value", [2**63, -(2**64), 10**4000])
def test_a_number_that_no_other_system_can_read_is_refused(value: int) -> None:
    assert "copies" in wrong(lambda: check_form(form(copies={"type": "integer"}), {"copies": value}, complete=True))


@pytest.mark.parametrize("value", [2.5, True, "2"])
def test_a_whole_number_is_a_whole_number(value: Any) -> None:
    assert "copies" in wrong(lambda: check_form(form(copies={"type": "integer"}), {"copies": value}, complete=True))


@pytest.mark.parametrize("value", ["20250101", "2025-W01-1", "2025-1-1", "2025-02-30"])
def test_a_date_is_written_in_one_way(value: str) -> None:
    rules = form(born={"type": "string", "format": "date"})
    assert set(wrong(lambda: check_form(rules, {"born": value}, complete=True))) == {"born"}
    check_form(rules, {"born": "2024-02-29"}, complete=True)


# documents

def nested(open_: str, close: str, levels: int) -> str:
    return "a: " + open_ * levels + close * levels


@pytest.mark.parametrize("text", [
    "[" * 190_000, nested("[", "]", 90_000), nested("{a: ", "}", 30_000), "- " * 90_000, "? " * 90_000,
    "a: [" + "x," * 95_000 + "]", "a: [" + "x: y," * 35_000 + "]", "a: &x [1]\nb: [*x, *x]", "{" * 100_000,
    "\n".join(f"k{number}: v" for number in range(15_000)), "a: " + "9" * 190_000,
])
def test_a_yaml_document_that_is_made_to_cost_is_refused_at_once(text: str) -> None:
    assert problems(text[:200_000])[0]["allowed"]


@pytest.mark.parametrize("values", [
    [f"v{number}" for number in range(501)], [number if number % 2 else f"v{number}" for number in range(15_000)],
])
def test_a_list_of_choices_is_bounded(values: list[Any]) -> None:
    """`uniqueItems` compares each with each when text and numbers are mixed."""
    found = problems(as_yaml(a_definition(form=form(choice={"type": "string", "enum": values}))))
    assert found[0]["path"] == "form.properties.choice.enum"


def test_a_code_with_a_line_break_at_its_end_is_refused() -> None:
    """Python's `$` matches before it."""
    assert problems(as_yaml(a_definition(matter_code="small-matter\n")))[0]["path"] == "matter_code"


def test_a_number_in_a_definition_that_json_cannot_carry_is_refused() -> None:
    text = as_yaml(a_definition(form=form(copies={"type": "integer", "maximum": 2**64})))
    (found,) = problems(text)
    assert str(2**64) in text.splitlines()[found["line"] - 1]
    assert (found["message"], found["allowed"]) == ("number is out of range", f"{-2**63} to {2**64 - 1}")


def test_of_very_many_mistakes_the_first_hundred_are_told_and_how_many_there_are() -> None:
    with pytest.raises(DefinitionInvalid, match=r"has 1500\d mistake") as raised:
        read_definition("\n".join(f"k{number}: v" for number in range(15_000)))
    assert [problem["line"] for problem in raised.value.details["problems"][-2:]] == [90, 91]


# other services

def test_the_pattern_of_a_document_type_is_re2_too() -> None:
    rules = DocumentRules({"414": DocumentType(r"([A-Z0-9]+)+X")})
    with pytest.raises(DocumentNumberInvalid):
        within_bounds(lambda: rules.person_number("414", "A" * 64, today=None))  # type: ignore[arg-type]
    assert rules.person_number("414", " e1234x ", today=None) == "E1234X"  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="look-ahead"):
        IdentitySettings().load({"id_types": {"414": "(?=A).*"}})
    with pytest.raises(PatternInvalid):
        pattern_of("(?=A).*")


@pytest.mark.parametrize("text", ["a1234" * 40_000, "eyJ" * 60_000 + "1", "a-1" * 60_000 + "@", "1 " * 90_000 + "@"])
def test_masking_personal_data_in_a_long_text_takes_no_longer_than_reading_it(text: str) -> None:
    within_bounds(lambda: scrub(text))


# the process

def test_a_service_answers_others_while_somebody_sends_such_values(tmp_path: Path) -> None:
    """matter and identity in one process, as `zhongtai run` has them, with the rule and the value that stopped them."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.cases.answering", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["evil"] == ["matter.form-invalid"] * 20
    assert seen["publications"] == ["matter.definition-invalid"] * 3
    assert seen["others"] > 20
    assert seen["slowest_s"] < SECONDS
