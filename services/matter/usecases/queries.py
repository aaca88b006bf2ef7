"""What is shown of cases."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.matter.domain import states
from services.matter.domain.case import COMPENSATION, NOTICE, STEP, Case, Task
from services.matter.domain.ports import CaseFilter, MatterTransaction
from services.matter.usecases.cases import require_own
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CASES = PagedList[str]("matter.list_cases", str)
CASE_FILTERS = ("applicant_subject", "matter_code", "state", "stuck")


def get_case(tx: MatterTransaction, *, context: CallContext, case_id: str) -> Case:
    return require_own(tx.cases.get(context.tenant, case_id), context)


def list_cases(
    tx: MatterTransaction, *, context: CallContext, asked: Mapping[str, Any], locale: str,
) -> dict[str, Any]:
    """Whoever acts for a subject sees that subject's cases only."""
    tenant, acting, apps = context.tenant, context.subject, context.makers
    page = CASES.asked(asked, tenant, acting, *(apps or ()))
    filters = {name: asked.get(name) for name in CASE_FILTERS}
    if acting is not None:
        filters["applicant_subject"] = acting
    found = tx.cases.find(CaseFilter(tenant=tenant, apps=apps, **filters, after=page.after, limit=page.fetch))
    now = tx.clock.now()
    return page.reply(found, view=lambda case: case_summary(case, locale=locale, now=now), key=lambda case: case.id)


def case_summary(case: Case, *, locale: str, now: datetime) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "matter_code": case.matter_code,
        "version": case.version,
        "applicant_subject": case.applicant_subject,
        "state": case.state,
        "state_label": _label(states.CASE_LABELS, case.state, locale),
        "stuck": case.is_stuck,
        "overdue": any(_is_overdue(task, now) for task in case.tasks),
        "created_at": case.created_at,
        "submitted_at": case.submitted_at,
        "finished_at": case.finished_at,
    }


def case_view(case: Case, *, locale: str, now: datetime) -> dict[str, Any]:
    chinese = locale.startswith("zh")

    def tasks(role: str) -> list[dict[str, Any]]:
        ordered = sorted(case.by_role(role), key=lambda task: task.position)
        return [task_view(task, locale=locale, now=now) for task in ordered]

    return case_summary(case, locale=locale, now=now) | {
        "form": case.form,
        "steps": tasks(STEP),
        "compensations": tasks(COMPENSATION),
        "notices": tasks(NOTICE),
        "timeline": [
            {"at": line.at, "entry": line.entry, "step": line.step, "text": line.zh if chinese else line.en,
             "zh": line.zh, "en": line.en}
            for line in case.timeline
        ],
        "outcome": outcome_view(case),
    }


def task_view(task: Task, *, locale: str, now: datetime) -> dict[str, Any]:
    finished_or_now = task.finished_at or now
    return {
        "step": task.name,
        "kind": task.kind,
        "state": task.state,
        "state_label": _label(states.TASK_LABELS, task.state, locale),
        "result": task.result,
        "error": task.error,
        "attempts": task.attempts,
        "started_at": task.started_at,
        "finished_at": task.finished_at,
        "duration_s": (finished_or_now - task.started_at).total_seconds() if task.started_at else None,
        "limit_at": task.limit_at,
        "overdue": _is_overdue(task, now),
    }


def outcome_view(case: Case) -> dict[str, Any]:
    """What came of the case; empty while that is open."""
    if not case.is_final:
        return {}
    outcome: dict[str, Any] = {"state": case.state}
    if case.stop is not None:
        outcome |= {key: case.stop[key] for key in ("code", "zh", "en")}
    if case.state == states.COMPLETED:
        for task in case.by_role(STEP):
            kept = _OUTCOMES.get(task.kind, ())
            outcome |= {key: task.result[key] for key in kept if key in task.result}
    return outcome


_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "pay": ("order_id", "amount_minor", "currency", "paid_at"),
    "issue_licence": ("licence_id", "identifier", "valid_from", "valid_until"),
    "deliver": ("waybill",),
}


def _is_overdue(task: Task, now: datetime) -> bool:
    return task.limit_at is not None and (task.finished_at or now) > task.limit_at


def _label(labels: Mapping[str, tuple[str, str]], state: str, locale: str) -> str:
    zh, en = labels[state]
    return zh if locale.startswith("zh") else en
