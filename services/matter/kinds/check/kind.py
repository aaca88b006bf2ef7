"""The record of kind `check`."""
from __future__ import annotations

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.kind_rules import EXAMINES, KindRules
from services.matter.kinds.check.checks import check, references, results
from services.matter.kinds.check.run import run_check
from services.matter.kinds.check.settings import SETTINGS
from services.matter.kinds.licence_types import TYPE_UNKNOWN

KIND = Kind(
    rules=KindRules(
        name="check", settings=SETTINGS, setup_errors=frozenset({TYPE_UNKNOWN}), check=check, results=results,
        phase=EXAMINES),
    run=run_check,
    references=references,
)
