"""A paused case: nothing comes due and nothing follows until it is resumed; what is under way is recorded."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.matter.cases.domain import states
from services.matter.cases.domain.case import NOTICE, Case

HELD = "held_until"


def pause_of(case: Case) -> Mapping[str, Any] | None:
    """Give when the case was paused, by whom; None: it is not paused."""
    found: Mapping[str, Any] | None = case.handling.get("paused")
    return found


def pause(case: Case, *, by: str, at: datetime) -> None:
    case.handling = {**case.handling, "paused": {"by": by, "at": at.isoformat()}}


def hold(case: Case) -> None:
    """Let nothing of a paused case come due. Notices go on: what happened is told."""
    if pause_of(case) is None:
        return
    for task in case.tasks:
        if task.due_at is not None and task.role != NOTICE and task.state in (states.READY, states.WAITING):
            task.settings = {**task.settings, HELD: task.due_at.isoformat()}
            task.due_at = None


def end_pause(case: Case) -> None:
    """Let come due what was held."""
    case.handling = {name: kept for name, kept in case.handling.items() if name != "paused"}
    for task in case.tasks:
        if HELD in task.settings:
            if task.state in (states.READY, states.WAITING):
                task.due_at = datetime.fromisoformat(task.settings[HELD])
            task.settings = {name: kept for name, kept in task.settings.items() if name != HELD}
