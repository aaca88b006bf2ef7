"""Which state changes of a case become events, and what stands in them."""
from __future__ import annotations

from typing import Any

from services.matter.domain.case import Case
from services.matter.domain.ports import MatterTransaction
from services.matter.domain.progress import Progress

PUBLISHED = frozenset({"case-submitted", "case-completed", "case-refused", "case-withdrawn", "case-failed"})


def save(tx: MatterTransaction, progress: Progress) -> None:
    """Write the case, publish what happened, and wake the engine for what is due now."""
    case = progress.case
    tx.cases.save(case)
    for name in progress.events:
        if name in PUBLISHED:
            tx.events.record(
                name, aggregate=case.id, tenant=case.tenant, data=_data(case), sequence=case.revision
            )
    for task in progress.newly_due():
        data = {"case_id": case.id, "step_id": task.id}
        tx.events.record("step-due", aggregate=case.id, tenant=case.tenant, data=data)


def _data(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "matter_code": case.matter_code,
        "version": case.version,
        "applicant_subject": case.applicant_subject,
        "state": case.state,
        "reason_code": (case.stop or {}).get("code"),
        "submitted_at": case.submitted_at,
        "finished_at": case.finished_at,
    }
