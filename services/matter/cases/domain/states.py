"""The tables of states: of a case, and of a task (a step, a compensation or a notice of a case)."""
from __future__ import annotations

from collections.abc import Mapping

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

DRAFT, RUNNING, COMPENSATING = "draft", "running", "compensating"
COMPLETED, REFUSED, WITHDRAWN, TERMINATED = "completed", "refused", "withdrawn", "terminated"

CASE = StateMachine(
    "case",
    DRAFT,
    [
        Edge(DRAFT, RUNNING, "case-submitted"),
        Edge(DRAFT, WITHDRAWN, "case-withdrawn"),
        Edge(RUNNING, COMPLETED, "case-completed"),
        Edge(RUNNING, COMPENSATING, "case-stopped"),
        Edge(COMPENSATING, REFUSED, "case-refused"),
        Edge(COMPENSATING, WITHDRAWN, "case-withdrawn"),
        Edge(COMPENSATING, TERMINATED, "case-terminated"),
    ],
    final=[COMPLETED, REFUSED, WITHDRAWN, TERMINATED],
)

CASE_LABELS: Mapping[str, Bilingual] = {
    DRAFT: Bilingual("Draft", "草稿"),
    RUNNING: Bilingual("In progress", "办理中"),
    COMPENSATING: Bilingual("Being undone", "退回处理中"),
    COMPLETED: Bilingual("Completed", "已办结"),
    REFUSED: Bilingual("Refused", "不予办理"),
    WITHDRAWN: Bilingual("Withdrawn", "已撤回"),
    TERMINATED: Bilingual("Ended by the department", "已终止办理"),
}

PENDING, READY, WAITING, STUCK = "pending", "ready", "waiting", "stuck"
SKIPPED, CANCELLED = "skipped", "cancelled"

# A task that was asked and got no answer goes back to `ready`: it is asked again with the same operation id,
# and its `attempts` say that an effect may exist.
TASK = StateMachine(
    "step",
    PENDING,
    [
        Edge(PENDING, READY, "step-due"),
        Edge(PENDING, SKIPPED, "step-skipped"),
        Edge(PENDING, CANCELLED, "step-cancelled"),
        Edge(READY, RUNNING, "step-claimed"),
        Edge(READY, CANCELLED, "step-cancelled"),
        Edge(READY, SKIPPED, "step-skipped"),
        Edge(RUNNING, READY, "step-postponed"),
        Edge(RUNNING, WAITING, "step-waiting"),
        Edge(RUNNING, COMPLETED, "step-completed"),
        Edge(RUNNING, REFUSED, "step-refused"),
        Edge(RUNNING, SKIPPED, "step-skipped"),
        Edge(RUNNING, CANCELLED, "step-cancelled"),
        Edge(RUNNING, STUCK, "step-stuck"),
        Edge(WAITING, READY, "step-due"),
        Edge(WAITING, COMPLETED, "step-completed"),
        Edge(WAITING, REFUSED, "step-refused"),
        Edge(WAITING, CANCELLED, "step-cancelled"),
        Edge(WAITING, SKIPPED, "step-skipped"),
        Edge(STUCK, SKIPPED, "step-skipped"),
        Edge(STUCK, READY, "step-retried"),
        Edge(STUCK, CANCELLED, "step-cancelled"),
    ],
    final=[COMPLETED, REFUSED, SKIPPED, CANCELLED],
)

TASK_LABELS: Mapping[str, Bilingual] = {
    PENDING: Bilingual("Not started", "未开始"),
    READY: Bilingual("Due", "待处理"),
    RUNNING: Bilingual("In progress", "处理中"),
    WAITING: Bilingual("Waiting", "等待外部结果"),
    STUCK: Bilingual("Stuck", "受阻"),
    COMPLETED: Bilingual("Completed", "已完成"),
    REFUSED: Bilingual("Refused", "未通过"),
    SKIPPED: Bilingual("Not needed", "无需办理"),
    CANCELLED: Bilingual("Cancelled", "已取消"),
}
