"""Mistakes in the settings of an issue, and the licence type that they name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import DeclaredStep, declared_steps, listed
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.usecases.references import Reference
from services.matter.kinds.licence_types import LICENCE_TYPE


def check(step: DeclaredStep) -> Iterator[Problem]:
    """A licence is renewed on the ground of one that an earlier check has found."""
    prior, type_code = step.settings["prior"], step.settings["type_code"]
    before = {one.name for one in step.before()}
    found = [one.name for one in declared_steps(step.data) if _finds_licence(one, type_code)]
    if prior not in set(found) & before:
        message = f"step {step.name!r} renews the licence that {prior!r} found"
        yield Problem(
            step.path("prior"), f"{message}, which is no earlier check of this licence type",
            listed([name for name in found if name in before]),
        )


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    yield Reference(LICENCE_TYPE, settings["type_code"], (*path, "type_code"))


def _finds_licence(step: DeclaredStep, type_code: str) -> bool:
    return bool(step.kind == "check" and step.settings.get("licence", {}).get("type_code") == type_code)
