"""The kinds of steps that definitions may use. A new kind is a folder beside these, and a line here."""
from __future__ import annotations

from services.matter.cases.usecases.kind import Kinds
from services.matter.kinds.callback.kind import KIND as CALLBACK
from services.matter.kinds.check.kind import KIND as CHECK
from services.matter.kinds.components import Components
from services.matter.kinds.deliver.kind import KIND as DELIVER
from services.matter.kinds.issue_licence.kind import KIND as ISSUE_LICENCE
from services.matter.kinds.notify.kind import KIND as NOTIFY
from services.matter.kinds.pay.kind import KIND as PAY
from services.matter.kinds.task.kind import KIND as TASK

KINDS = Kinds[Components](
    CHECK,
    CALLBACK,
    PAY,
    ISSUE_LICENCE,
    DELIVER,
    NOTIFY,
    TASK,
)
