"""Claim a task: nobody else does it before its lease ends."""
from __future__ import annotations

from datetime import datetime, timedelta

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Task
from shared_components.kernel.ids import new_id


def claim(task: Task, now: datetime, lease_s: float) -> None:
    """Take a waiting or ready task in hand."""
    if task.state == states.WAITING:
        task.move(states.READY)
    if task.state == states.READY:
        task.move(states.RUNNING)
    task.attempts += 1
    task.started_at = task.started_at or now
    task.claim = new_id("claim")
    task.lease_until = now + timedelta(seconds=lease_s)
    task.due_at = None
