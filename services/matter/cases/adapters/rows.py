"""Cases and tasks as rows, and rows as cases and tasks."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row

from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.timeline import TimelineEntry
from shared_components.security.authority import Facts

PLAIN_CASE = ("matter_code", "version", "applicant_subject", "app", "locale", "state", "created_at", "submitted_at",
              "finished_at", "object_key", "open_slot", "revision", "stage", "look_at", "pending_year")
PLAIN_TASK = ("name", "role", "kind", "position", "settings", "state", "attempts", "attempt_group", "claim",
              "created_at", "started_at", "finished_at", "finished_order", "limit_at", "desk", "claimed_by")


def case_values(case: Case, fields: FieldEncryption) -> dict[str, Any]:
    """All columns but the form."""
    return {name: getattr(case, name) for name in PLAIN_CASE} | {
        "case_id": case.id,
        "tenant_id": case.tenant,
        "stuck": case.is_stuck,
        "sealed": fields.encrypt(f"{case.id}/sealed", {"applicant": case.applicant, "stop": case.stop}),
        "handling": fields.encrypt(f"{case.id}/handling", case.handling) if case.handling else None,
    }


def form_value(case: Case, fields: FieldEncryption) -> bytes:
    return fields.encrypt(f"{case.id}/form", case.form)


class CaseRecord(NamedTuple):
    """The rows of one case, as they were read: nothing is decrypted."""

    row: Any
    tasks: Sequence[Any] = ()
    lines: Sequence[Any] = ()


def id_of_record(record: CaseRecord) -> str:
    return str(record.row.case_id)


def record_facts(record: CaseRecord) -> Facts:
    row = record.row
    return _facts(row.tenant_id, row.applicant_subject, row.app, row.matter_code, row.case_id)


def case_facts(case: Case) -> Facts:
    return _facts(case.tenant, case.applicant_subject, case.app, case.matter_code, case.id)


def _facts(tenant: str, applicant: str, app: str, matter_code: str, case_id: str) -> Facts:
    """Facts by which it is decided who may see a case. A session may cover cases of one matter (`case:CODE`)."""
    return Facts(tenant, {"applicant": applicant}, app, f"case:{matter_code}", matter=matter_code, thing=case_id)


def open_record(record: CaseRecord, fields: FieldEncryption) -> Case:
    """Decrypt a case with its tasks and timeline."""
    case = to_case(record.row, fields)
    case.tasks = [to_task(row, fields) for row in record.tasks]
    case.timeline = [to_entry(row) for row in record.lines]
    return case


def to_case(row: Row[Any], fields: FieldEncryption) -> Case:
    hidden = fields.decrypt(f"{row.case_id}/sealed", row.sealed)
    form = fields.decrypt(f"{row.case_id}/form", row.form) if "form" in row._fields else {}
    handling = fields.decrypt(f"{row.case_id}/handling", row.handling) if row.handling is not None else {}
    return Case(
        id=row.case_id, tenant=row.tenant_id, form=form, applicant=hidden["applicant"], stop=hidden["stop"],
        handling=handling,
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
