"""Events of payment: an order was paid or closed, money was returned."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.matter.cases.domain import states
from services.matter.cases.domain.case import COMPENSATION, Case, Task
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.recording import complete
from services.matter.cases.usecases.case_progress import WorkOnCasesTx, progress_of, save_all
from services.matter.cases.usecases.kind import Told
from services.matter.kinds.pay.run import paid

Facts = Mapping[str, Any]
"""Facts of an order, as payment tells them."""


def take_orders_paid(tx: WorkOnCasesTx, told: Sequence[Told]) -> None:
    """Complete the steps as soon as their money is there."""
    _take(tx, told, _order_paid)


def take_orders_changed(tx: WorkOnCasesTx, told: Sequence[Told]) -> None:
    """Look at orders that were closed, or at their refunds."""
    _take(tx, told, _order_changed)


def _take(tx: WorkOnCasesTx, told: Sequence[Told], judge: Callable[[Progress, Task, Facts], bool]) -> None:
    """Lock all cases, judge event by event, and save the cases that have changed. What is not ours is passed by."""
    named = [(one, *_named(one)) for one in told]
    cases = tx.cases.lock_many({(one.tenant, case_id) for one, case_id, step in named if step})
    progress = {case.id: progress_of(tx, case) for case in cases.values()}
    changed: dict[str, str | None] = {}
    for one, case_id, step in named:
        case = cases.get(case_id)
        task = _paid_task(case, step) if case is not None and case.tenant == one.tenant else None
        if task is not None and judge(progress[case_id], task, one.data):
            changed[case_id] = one.traceparent
    if changed:
        save_all(tx, [progress[case_id] for case_id in changed], changed)


def _named(one: Told) -> tuple[str, str]:
    """The case and the step that the order's reference names; empty when it is not ours."""
    case_id, _, step = (one.data.get("reference") or "").partition(":")
    return (case_id, step) if case_id.startswith("case_") else ("", "")


def _paid_task(case: Case, step: str) -> Task | None:
    return next((task for task in case.tasks if task.name == step and task.kind == "pay"), None)


def _order_paid(progress: Progress, task: Task, order: Facts) -> bool:
    """Complete the step that the money is for.

    The money may come before the step knows its order, or after the step was given up.
    """
    known = task.result.get("order_id")
    if known is not None and known != order["order_id"]:
        # Another order with our reference: not ours to judge.
        return False
    if task.state == states.WAITING:
        outcome = paid({**task.result, **order})
        complete(progress, task, outcome.result, outcome.stories)
        progress.settle()
    elif task.is_open:
        # Under way, or to be asked again: it looks at the order itself, and the signal makes it look at once.
        task.signal = {"order_id": order["order_id"]}
    elif task.state in (states.REFUSED, states.CANCELLED):
        _return_late_money(progress, task, order)
    return True


def _order_changed(progress: Progress, step: Task, order: Facts) -> bool:
    """Let the steps that wait for an order look at it now, and not at the next poll."""
    refunds = [task for task in progress.case.by_role(COMPENSATION) if task.settings.get("of") == step.name]
    for task in [step, *refunds]:
        if task.state == states.WAITING:
            task.due_at = progress.now
        elif task.state == states.RUNNING:
            task.signal = {"look": True}
    return True


def _return_late_money(progress: Progress, task: Task, order: Facts) -> None:
    task.result = {**task.result, "order_id": order["order_id"], "amount_minor": order["amount_minor"]}
    progress.compensate_late(task)
