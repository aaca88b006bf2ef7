"""Mistakes in the settings of a callback, its form, and the source that they name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import (
    DeclaredStep,
    check_condition,
    check_placeholders,
    check_text,
)
from services.matter.definitions.domain.expressions import ANYTHING, YES_NO, Variable, Variables
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.domain.variables import JUDGED, TOLD, TYPES, form_variables
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless
from shared_components.kernel.bilingual import Bilingual


def check(step: DeclaredStep) -> Iterator[Problem]:
    """pass_when reads fields of the result; notes read the applicant, the form and earlier steps."""
    settings = step.settings
    if "pass_when" in settings:
        result = settings["result"]
        variables = form_variables(result, "result")
        yield from check_condition(step.path("pass_when"), settings["pass_when"], variables, result["properties"])
    for index, note in enumerate(settings.get("notes", ())):
        path = step.path("notes", index)
        yield from check_text((*path, "when"), note["when"], {**step.variables, **JUDGED}, YES_NO)
        for name, text in note["values"].items():
            yield from check_text((*path, "values", name), text, {**step.variables, **TOLD})
        yield from check_placeholders((*path, "line"), note["line"], note["values"])


def results(settings: Mapping[str, Any]) -> Variables:
    """Fields of the answer, and what was noted."""
    answer = {
        name: Variable(TYPES.get(field["type"], ANYTHING)) for name, field in settings["result"]["properties"].items()}
    noted = {name: Variable(ANYTHING) for note in settings.get("notes", ()) for name in note["values"]}
    return {**noted, **answer}


def forms(settings: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield ("result",), settings["result"]


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    yield Reference(SOURCE, settings["source"], (*path, "source"))


def _find(lookup: Lookup, reference: Reference) -> Bilingual | None:
    return unknown_unless(reference.name in lookup.sources, reference)


SOURCE = ReferenceKind(
    Bilingual("callback source", "回调来源"), Bilingual(
        "the source of a key in services.matter.callback_keys for this tenant",
        "services.matter.callback_keys 中为本部门登记的密钥来源"), _find)
