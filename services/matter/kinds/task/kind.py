"""The record of kind `task`."""
from __future__ import annotations

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.kind_rules import EXAMINES, KindRules
from services.matter.kinds.task.checks import check, desk, forms, results
from services.matter.kinds.task.run import run_task
from services.matter.kinds.task.settings import SETTINGS

KIND = Kind(
    rules=KindRules(
        name="task", settings=SETTINGS, check=check, forms=forms, results=results, desk=desk, phase=EXAMINES),
    run=run_task,
)
