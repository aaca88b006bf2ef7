"""Mistakes in the settings of an officer's step."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import DeclaredStep, listed
from services.matter.definitions.domain.expressions import ANYTHING, Variable, Variables
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.domain.variables import TYPES
from shared_components.kernel.bilingual import Bilingual


def check(step: DeclaredStep) -> Iterator[Problem]:
    for index, field in enumerate(step.settings.get("fields", ())):
        if field not in step.form_fields:
            yield Problem(
                step.path("fields", index), Bilingual(
                    f"officers are shown unknown field {field!r}", f"工作人员可见的字段“{field}”不存在"),
                listed(step.form_fields))


def forms(settings: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if "form" in settings:
        yield ("form",), settings["form"]


def results(settings: Mapping[str, Any]) -> Variables:
    """Fields that the officer fills."""
    fields = settings.get("form", {}).get("properties", {})
    return {name: Variable(TYPES.get(field["type"], ANYTHING)) for name, field in fields.items()}


def desk(settings: Mapping[str, Any]) -> str:
    return str(settings["role"])
