"""The events of matter: state changes of cases, and tasks that are due."""
from __future__ import annotations

from typing import Any

from services.matter.cases.domain.case import Case
from shared_components.kernel.transactions import HasEvents

PUBLISHED = frozenset({
    "case-submitted", "case-completed", "case-refused", "case-withdrawn", "case-terminated", "case-failed",
    "supplement-requested", "supplement-answered", "case-accepted", "case-decided", "case-extended",
    "case-clock-stopped", "case-clock-restarted", "case-due-soon", "case-overdue",
})


def emit_case_changed(tx: HasEvents, event: str, case: Case, traceparent: str | None = None) -> None:
    tx.events.record(
        event, aggregate=case.id, tenant=case.tenant, data=_data(case), sequence=case.revision, traceparent=traceparent)


def emit_step_due(tx: HasEvents, case: Case, step_id: str, traceparent: str | None = None) -> None:
    """Wake the engine for one step."""
    data = {"case_id": case.id, "step_id": step_id}
    tx.events.record("step-due", aggregate=case.id, tenant=case.tenant, data=data, traceparent=traceparent)


def _data(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "matter_code": case.matter_code,
        "version": case.version,
        "applicant_subject": case.applicant_subject,
        "state": case.state,
        "stage": case.stage,
        "reason_code": (case.stop or {}).get("code"),
        "submitted_at": case.submitted_at,
        "finished_at": case.finished_at,
        "app": case.served_app,
    }
