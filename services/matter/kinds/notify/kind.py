"""The record of kind `notify`."""
from __future__ import annotations

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.kind_rules import HANDS_OVER, KindRules
from services.matter.kinds.notify.ports import NotifyComponents
from services.matter.kinds.notify.run import run_notify
from services.matter.kinds.notify.settings import SETTINGS
from services.matter.kinds.notify.templates import template_references

KIND = Kind[NotifyComponents](
    rules=KindRules(
        name="notify", settings=SETTINGS, tells_applicant=True,
        setup_errors=frozenset({"notification.template-unknown"}), phase=HANDS_OVER,
    ),
    run=run_notify,
    references=template_references,
)
