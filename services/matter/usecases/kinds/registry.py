"""Which function does which kind."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from services.matter.domain.outcomes import Outcome
from services.matter.usecases.kinds.callback import run_callback
from services.matter.usecases.kinds.check import run_check
from services.matter.usecases.kinds.deliver import run_deliver
from services.matter.usecases.kinds.issue import run_cancel_licence, run_issue
from services.matter.usecases.kinds.notify import run_notify
from services.matter.usecases.kinds.pay import run_pay, run_refund
from services.matter.usecases.kinds.work import Work

KINDS: Mapping[str, Callable[[Work], Outcome]] = {
    "check": run_check,
    "callback": run_callback,
    "pay": run_pay,
    "issue_licence": run_issue,
    "deliver": run_deliver,
    "notify": run_notify,
    "refund": run_refund,
    "cancel_licence": run_cancel_licence,
}
