"""The record of kind `callback`."""
from __future__ import annotations

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.kind_rules import EXAMINES, KindRules
from services.matter.kinds.callback.checks import check, forms, references, results
from services.matter.kinds.callback.run import run_callback
from services.matter.kinds.callback.settings import SETTINGS

KIND = Kind(
    rules=KindRules(
        name="callback", settings=SETTINGS, check=check, forms=forms, results=results, phase=EXAMINES),
    run=run_callback,
    references=references,
)
