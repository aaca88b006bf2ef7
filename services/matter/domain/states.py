"""The tables of states: of a case, and of a task (a step, a compensation or a notice of a case)."""
from __future__ import annotations

from collections.abc import Mapping

from shared_components.kernel.states import Edge, StateMachine

DRAFT, RUNNING, COMPENSATING = "draft", "running", "compensating"
COMPLETED, REFUSED, WITHDRAWN = "completed", "refused", "withdrawn"

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
    ],
    final=[COMPLETED, REFUSED, WITHDRAWN],
)

CASE_LABELS: Mapping[str, tuple[str, str]] = {
    DRAFT: ("草稿", "Draft"),
    RUNNING: ("办理中", "In progress"),
    COMPENSATING: ("退回处理中", "Being undone"),
    COMPLETED: ("已办结", "Completed"),
    REFUSED: ("不予办理", "Refused"),
    WITHDRAWN: ("已撤回", "Withdrawn"),
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
        Edge(STUCK, READY, "step-retried"),
        Edge(STUCK, CANCELLED, "step-cancelled"),
    ],
    final=[COMPLETED, REFUSED, SKIPPED, CANCELLED],
)

TASK_LABELS: Mapping[str, tuple[str, str]] = {
    PENDING: ("未开始", "Not started"),
    READY: ("待处理", "Due"),
    RUNNING: ("处理中", "In progress"),
    WAITING: ("等待外部结果", "Waiting"),
    STUCK: ("受阻", "Stuck"),
    COMPLETED: ("已完成", "Completed"),
    REFUSED: ("未通过", "Refused"),
    SKIPPED: ("无需办理", "Not needed"),
    CANCELLED: ("已取消", "Cancelled"),
}
