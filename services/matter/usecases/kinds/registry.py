"""The kinds of steps that definitions may use. A new kind is a folder beside these, and a line here."""
from __future__ import annotations

from services.matter.usecases.components import Components
from services.matter.usecases.kinds.callback.kind import KIND as CALLBACK
from services.matter.usecases.kinds.check.kind import KIND as CHECK
from services.matter.usecases.kinds.deliver.kind import KIND as DELIVER
from services.matter.usecases.kinds.issue_licence.kind import KIND as ISSUE_LICENCE
from services.matter.usecases.kinds.kind import Kinds
from services.matter.usecases.kinds.notify.kind import KIND as NOTIFY
from services.matter.usecases.kinds.pay.kind import KIND as PAY

KINDS = Kinds[Components](
    CHECK,
    CALLBACK,
    PAY,
    ISSUE_LICENCE,
    DELIVER,
    NOTIFY,
)
