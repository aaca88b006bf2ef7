"""Fields that the expressions of a definition may read, and their types."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.definitions.domain.expressions import ANYTHING, TEXT, WHOLE, YES_NO, Variable, Variables

TYPES = {"string": TEXT, "integer": WHOLE, "boolean": YES_NO}
"""By the type of a form's field."""

APPLICANT: Variables = {
    "applicant.kind": Variable(TEXT, always=True), "applicant.level": Variable(WHOLE, always=True),
    "applicant.name": Variable(TEXT), "applicant.id_type": Variable(TEXT), "applicant.id_number": Variable(TEXT),
    "applicant.birth_date": Variable(TEXT), "today": Variable(TEXT, always=True),
}
"""Where the applicant is known: kind is person or organisation; birth_date and today are YYYY-MM-DD."""


def form_variables(form: Mapping[str, Any], root: str = "form") -> dict[str, Variable]:
    """Give the fields of a form by their names below `root`."""
    required = form.get("required", ())
    return {
        f"{root}.{name}": Variable(TYPES.get(field["type"], ANYTHING), always=name in required)
        for name, field in form["properties"].items()}


def step_variables(step: str, results: Variables) -> dict[str, Variable]:
    """Give the results of a step by their names; a step may be skipped, so each may be null."""
    return {f"steps.{step_word(step)}.{name}": Variable(one.type) for name, one in results.items()}


def step_word(step: str) -> str:
    """The name of a step as an expression writes it: `medical-check` is `medical_check`."""
    return step.replace("-", "_")
