"""Values that the expressions of a definition read when a case runs; an empty field has None."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.cases.domain.case import STEP, Case
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.variables import step_word
from shared_components.kernel.numbers import birth_date

Values = Mapping[str, Any]
RESIDENT_ID = "111"


def case_values(case: Case, definition: Definition, rules: Rules) -> dict[str, Any]:
    """Give the form, and the results of the steps."""
    known = {task.name: task.result for task in case.by_role(STEP)}
    return {
        "form": filled(definition.form["properties"], case.form),
        "steps": {
            step_word(step.name): filled(rules.of(step.kind).results(step.settings), known.get(step.name) or {})
            for step in definition.steps},
    }


def filled(fields: Mapping[str, Any], given: Values) -> dict[str, Any]:
    """Give each field its value, or None. A mapping or list stays as it is."""
    return {**dict.fromkeys(fields), **given}


def applicant_values(applicant: Values, today: str) -> dict[str, Any]:
    """Give the applicant as identity tells. today: in China, of the first attempt, so that a retry gets the same."""
    kept = ("kind", "name", "id_type", "id_number", "level")
    return {
        "applicant": {**{key: applicant.get(key) for key in kept}, "birth_date": _born(applicant)}, "today": today}


def _born(applicant: Values) -> str | None:
    """Give the birth date that a resident identity number holds."""
    if (applicant.get("id_type") or RESIDENT_ID) != RESIDENT_ID or applicant.get("kind") == "organisation":
        return None
    try:
        return birth_date(str(applicant.get("id_number"))).isoformat()
    except ValueError:
        return None
