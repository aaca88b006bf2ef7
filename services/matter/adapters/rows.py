"""Cases and tasks as rows, and rows as cases and tasks."""
from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.matter.adapters.field_encryption import FieldEncryption
from services.matter.domain import states
from services.matter.domain.case import Case, Task
from services.matter.domain.timeline import TimelineEntry

PLAIN_CASE = ("matter_code", "version", "applicant_subject", "app", "locale", "state", "created_at", "submitted_at",
              "finished_at", "object_key", "open_slot", "revision")
PLAIN_TASK = ("name", "role", "kind", "position", "settings", "state", "attempts", "attempt_group", "claim",
              "created_at", "started_at", "finished_at", "finished_order", "limit_at")


def case_values(case: Case, fields: FieldEncryption) -> dict[str, Any]:
    """All columns but the form."""
    return {name: getattr(case, name) for name in PLAIN_CASE} | {
        "case_id": case.id,
        "tenant_id": case.tenant,
        "stuck": case.is_stuck,
        "sealed": fields.encrypt(f"{case.id}/sealed", {"applicant": case.applicant, "stop": case.stop}),
    }


def form_value(case: Case, fields: FieldEncryption) -> bytes:
    return fields.encrypt(f"{case.id}/form", case.form)


def to_case(row: Row[Any], fields: FieldEncryption) -> Case:
    hidden = fields.decrypt(f"{row.case_id}/sealed", row.sealed)
    form = fields.decrypt(f"{row.case_id}/form", row.form) if "form" in row._fields else {}
    return Case(
        id=row.case_id, tenant=row.tenant_id, form=form, applicant=hidden["applicant"], stop=hidden["stop"],
        **{name: getattr(row, name) for name in PLAIN_CASE},
    )


def task_values(task: Task, case: Case, fields: FieldEncryption) -> dict[str, Any]:
    hidden = {"result": task.result, "signal": task.signal, "error": task.error}
    return {name: getattr(task, name) for name in PLAIN_TASK} | {
        "step_id": task.id,
        "case_id": case.id,
        "tenant_id": case.tenant,
        "wake_at": task.wake_at,
        "sealed": fields.encrypt(f"{task.id}/sealed", hidden) if any(hidden.values()) else None,
    }


def to_task(row: Row[Any], fields: FieldEncryption) -> Task:
    task = Task(id=row.step_id, **{name: getattr(row, name) for name in PLAIN_TASK})
    if row.sealed is not None:
        hidden = fields.decrypt(f"{row.step_id}/sealed", row.sealed)
        task.result, task.signal, task.error = hidden["result"], hidden["signal"], hidden["error"]
    if task.state == states.RUNNING:
        task.lease_until = row.wake_at
    else:
        task.due_at = row.wake_at
    return task


def line_values(line: TimelineEntry, case: Case, number: int) -> dict[str, Any]:
    """number: within the case's timeline, from 1."""
    return {
        "case_id": case.id, "tenant_id": case.tenant, "line_no": number, "at": line.at, "entry": line.entry,
        "step": line.step, "zh": line.zh, "en": line.en,
    }


def to_entry(row: Row[Any]) -> TimelineEntry:
    return TimelineEntry(row.at, row.entry, row.step, row.zh, row.en)
