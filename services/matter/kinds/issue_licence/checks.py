"""Mistakes in the settings of an issue, and the licence type that they name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import DeclaredStep, check_text, declared_steps, listed
from services.matter.definitions.domain.expressions import TEXT, Variable, Variables
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.domain.variables import SENT
from services.matter.definitions.usecases.references import Reference
from services.matter.kinds.licence_types import LICENCE_TYPE
from shared_components.kernel.bilingual import Bilingual

TERMS = ("validity_years", "valid_years", "valid_until", "permanent")


def check(step: DeclaredStep) -> Iterator[Problem]:
    """Check one term, content that can be computed, and a prior licence that an earlier check has found."""
    yield from _term(step)
    known = {**step.variables, **SENT}
    for name, text in step.settings.get("content", {}).items():
        yield from check_text(step.path("content", name), text, known)
    if "valid_until" in step.settings:
        yield from check_text(step.path("valid_until"), step.settings["valid_until"], known, TEXT)
    if "prior" in step.settings:
        yield from _prior(step)


def _term(step: DeclaredStep) -> Iterator[Problem]:
    given = [name for name in TERMS if name in step.settings]
    if len(given) != 1:
        told = ", ".join(given)
        yield Problem(step.path(), Bilingual(
            f"step {step.name!r} has {told or 'no term of validity'}",
            f"步骤 {step.name} 的有效期设置：{told or '未设置'}"),
            Bilingual(f"one of {', '.join(TERMS)}", f"{'、'.join(TERMS)} 之一"))
    if "validity_years" in given and "prior" not in step.settings:
        yield Problem(step.path("validity_years"), Bilingual(
            f"step {step.name!r} counts from a prior licence and names none",
            f"步骤 {step.name} 按原证照计算有效期，但未指明 prior"),
            Bilingual("prior, or valid_years", "prior 或 valid_years"))


def _prior(step: DeclaredStep) -> Iterator[Problem]:
    prior, type_code = step.settings["prior"], step.settings["type_code"]
    before = {one.name for one in step.before()}
    found = [one.name for one in declared_steps(step.data) if _finds_licence(one, type_code)]
    if prior not in set(found) & before:
        yield Problem(
            step.path("prior"), Bilingual(
                f"step {step.name!r} renews the licence that {prior!r} found, "
                "which is no earlier check of this licence type",
                f"步骤 {step.name} 以“{prior}”查到的证照换证，而它不是此前对该证照类型的核查"),
            listed([name for name in found if name in before]),
        )


def results(settings: Mapping[str, Any]) -> Variables:
    names = ("licence_id", "identifier", "type_code", "type_name", "state", "valid_from", "valid_until")
    return {name: Variable(TEXT) for name in names}


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    yield Reference(LICENCE_TYPE, settings["type_code"], (*path, "type_code"))


def _finds_licence(step: DeclaredStep, type_code: str) -> bool:
    return bool(step.kind == "check" and step.settings.get("licence", {}).get("type_code") == type_code)
