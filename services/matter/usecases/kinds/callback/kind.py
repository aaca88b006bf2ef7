"""The record of kind `callback`."""
from __future__ import annotations

from services.matter.domain.kind_rules import KindRules
from services.matter.usecases.kinds.callback.checks import check, forms, references
from services.matter.usecases.kinds.callback.run import run_callback
from services.matter.usecases.kinds.callback.settings import SETTINGS
from services.matter.usecases.kinds.kind import Kind

KIND = Kind(
    rules=KindRules(name="callback", settings=SETTINGS, check=check, forms=forms),
    run=run_callback,
    references=references,
)
