"""The record of kind `check`."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.kind_rules import KindRules
from services.matter.definitions.domain.problems import Path
from services.matter.definitions.usecases.references import Reference
from services.matter.kinds.check.run import run_check
from services.matter.kinds.check.settings import SETTINGS
from services.matter.kinds.licence_types import LICENCE_TYPE, TYPE_UNKNOWN


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    if "licence" in settings:
        yield Reference(LICENCE_TYPE, settings["licence"]["type_code"], (*path, "licence", "type_code"))


KIND = Kind(
    rules=KindRules(name="check", settings=SETTINGS, setup_errors=frozenset({TYPE_UNKNOWN})),
    run=run_check,
    references=references,
)
