"""Fields that the expressions of a definition may read, and their types."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.definitions.domain.expressions import ANYTHING, TEXT, WHOLE, YES_NO, Variable, Variables

TYPES = {"string": TEXT, "integer": WHOLE, "boolean": YES_NO}
"""By the type of a form's field."""

TOLD: Variables = {
    "applicant.kind": Variable(TEXT, always=True), "applicant.level": Variable(WHOLE, always=True),
    "applicant.id_type": Variable(TEXT), "today": Variable(TEXT, always=True),
}
"""For what stands in results, reasons and timelines, which the app reads: nothing that identifies the applicant."""
JUDGED: Variables = {**TOLD, "applicant.birth_date": Variable(TEXT)}
"""For conditions: a birth date serves rules of age. By conditions on a number its author could find the number out."""
SENT: Variables = {**JUDGED, "applicant.name": Variable(TEXT), "applicant.id_number": Variable(TEXT)}
"""For what goes to a register or into a licence: kind is person or organisation; days are YYYY-MM-DD."""


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
