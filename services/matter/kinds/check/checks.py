"""Mistakes in the settings of a check, the licence type and the registers that they name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import DeclaredStep, check_placeholders, check_text
from services.matter.definitions.domain.expressions import ANYTHING, TEXT, WHOLE, YES_NO, Variable, Variables
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.domain.variables import JUDGED, SENT, TOLD, TYPES
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless
from services.matter.kinds.check.ports import Registers
from services.matter.kinds.licence_types import LICENCE_TYPE
from shared_components.kernel.bilingual import Bilingual

LICENCE: Variables = {
    "licence.licence_id": Variable(TEXT), "licence.identifier": Variable(TEXT), "licence.state": Variable(TEXT),
    "licence.valid_from": Variable(TEXT), "licence.valid_until": Variable(TEXT), "licence.content": Variable(ANYTHING),
}


def check(step: DeclaredStep) -> Iterator[Problem]:
    """Questions and rules read the applicant, the form, earlier steps, the licence; rules also what was asked."""
    known = {**step.variables, **(LICENCE if "licence" in step.settings else {})}
    for index, ask in enumerate(step.settings.get("asks", ())):
        for name, text in ask["with"].items():
            yield from check_text(step.path("asks", index, "with", name), text, {**known, **SENT})
    known |= asked_variables(step.settings)
    for index, rule in enumerate(step.settings.get("rules", ())):
        path, values = step.path("rules", index), rule.get("values", {})
        yield from check_text((*path, "holds"), rule["holds"], {**known, **JUDGED}, YES_NO)
        for name, text in values.items():
            yield from check_text((*path, "values", name), text, {**known, **TOLD})
        yield from check_placeholders((*path, "reason"), rule["reason"], values)


def asked_variables(settings: Mapping[str, Any], root: str = "asked") -> Variables:
    """Give the kept fields of each answer."""
    return {
        f"{root}.{ask['as']}.{name}": Variable(TYPES[kind])
        for ask in settings.get("asks", ()) for name, kind in ask["returns"].items()}


def results(settings: Mapping[str, Any]) -> Variables:
    found = {"level": Variable(WHOLE), "asked": Variable(ANYTHING)}
    return found | ({"licence": Variable(ANYTHING)} if "licence" in settings else {})


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    if "licence" in settings:
        yield Reference(LICENCE_TYPE, settings["licence"]["type_code"], (*path, "licence", "type_code"))
    for index, ask in enumerate(settings.get("asks", ())):
        yield Reference(REGISTER, ask["source"], (*path, "asks", index, "source"))


def _find(lookup: Lookup, reference: Reference) -> Bilingual | None:
    registers: Registers = lookup.components.registers
    return unknown_unless(reference.name in lookup.once("registers", registers.names), reference)


REGISTER = ReferenceKind(
    Bilingual("register", "登记系统"),
    Bilingual("a register that is connected for this department", "已为本部门接入的登记系统"), _find)
