"""Events of payment: an order was paid or closed, money was returned."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.matter.cases.domain import states
from services.matter.cases.domain.case import COMPENSATION, Case, Task
from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.recording import complete
from services.matter.cases.usecases.case_progress import WorkOnCaseTx, progress_of, save
from services.matter.kinds.pay.run import paid


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order was closed, or its money returned. reference: names the step that it pays for."""

    tenant: str
    reference: str | None

    @classmethod
    def of(cls, tenant: str, data: Mapping[str, Any]) -> OrderChanged:
        return cls(tenant, data.get("reference"))


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """facts: of the order, as payment tells them."""

    tenant: str
    order_id: str
    reference: str | None
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, tenant: str, data: Mapping[str, Any]) -> OrderPaid:
        return cls(tenant, data["order_id"], data.get("reference"), data)


def take_order_paid(tx: WorkOnCaseTx, tenant: str, data: Mapping[str, Any]) -> None:
    """Complete the step as soon as its money is there."""
    order_paid(tx, OrderPaid.of(tenant, data))


def take_order_changed(tx: WorkOnCaseTx, tenant: str, data: Mapping[str, Any]) -> None:
    """Look at an order that was closed, or at its refund."""
    order_changed(tx, OrderChanged.of(tenant, data))


def order_paid(tx: WorkOnCaseTx, order: OrderPaid) -> None:
    """Complete the step that the money is for.

    The money may come before the step knows its order, or after the step was given up.
    """
    found = _find(tx, order.tenant, order.reference)
    if found is None:
        return
    case, task = found
    progress = progress_of(tx, case)
    known = task.result.get("order_id")
    if known is not None and known != order.order_id:
        # Another order with our reference: not ours to judge.
        return
    if task.state == states.WAITING:
        outcome = paid({**task.result, **order.facts})
        complete(progress, task, outcome.result, outcome.stories)
        progress.settle()
    elif task.is_open:
        # Under way, or to be asked again: it looks at the order itself, and the signal makes it look at once.
        task.signal = {"order_id": order.order_id}
    elif task.state in (states.REFUSED, states.CANCELLED):
        _return_late_money(progress, task, order)
    save(tx, progress)


def order_changed(tx: WorkOnCaseTx, order: OrderChanged) -> None:
    """Let the steps that wait for an order look at it now, and not at the next poll."""
    found = _find(tx, order.tenant, order.reference)
    if found is None:
        return
    case, step = found
    refunds = [task for task in case.by_role(COMPENSATION) if task.settings.get("of") == step.name]
    progress = progress_of(tx, case)
    for task in [step, *refunds]:
        if task.state == states.WAITING:
            task.due_at = progress.now
        elif task.state == states.RUNNING:
            task.signal = {"look": True}
    save(tx, progress)


def _return_late_money(progress: Progress, task: Task, order: OrderPaid) -> None:
    amount_minor = order.facts["amount_minor"]
    task.result = {**task.result, "order_id": order.order_id, "amount_minor": amount_minor}
    progress.compensate_late(task)


def _find(tx: WorkOnCaseTx, tenant: str, reference: str | None) -> tuple[Case, Task] | None:
    case_id, _, step = (reference or "").partition(":")
    if not case_id.startswith("case_") or not step:
        return None
    try:
        case = tx.cases.lock_for_work(tenant, case_id)
    except CaseNotFound:
        return None
    task = next((task for task in case.tasks if task.name == step and task.kind == "pay"), None)
    return (case, task) if task is not None else None
