"""Documents (文书) that follow from what happened in a case: planned with the change, in the words of that moment."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.matter.cases.domain.case import Task
from services.matter.cases.domain.case_now import CaseNow
from services.matter.cases.domain.procedure import (
    ACCEPTED,
    DELIVERED,
    GRANTED,
    NOT_ACCEPTED,
    REFUSED,
    SUPPLEMENT,
    Procedure,
)
from services.matter.cases.domain.remedies import REMEDIES
from services.matter.cases.domain.timeline import Line, entry
from services.matter.definitions.domain import documents as kinds
from services.matter.definitions.domain.documents import DocumentText
from shared_components.kernel.money import decimal_text
from shared_components.kernel.working_days import local_date

DOCUMENT_ISSUED = Line("document-issued", "已出具《{title_zh}》", "Issued: {title_en}")
OF_STAGES: Mapping[str, str] = {
    SUPPLEMENT: kinds.SUPPLEMENT, ACCEPTED: kinds.ACCEPTANCE, NOT_ACCEPTED: kinds.NON_ACCEPTANCE,
    GRANTED: kinds.GRANT, REFUSED: kinds.REFUSAL, DELIVERED: kinds.DELIVERY,
}
"""The document that a stage of the procedure brings."""
NOT_KNOWN = {"zh": "（待放假安排公布后确定）", "en": "(set when the holidays are announced)"}


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document before it has its number. name: once in a case; its kind, or the kind and a step.

    mark, department_code: of its number. on: its day, in China. title, text: each for zh and en, without the applicant.
    """

    tenant: str
    case_id: str
    name: str
    kind: str
    step: str | None
    mark: str
    department_code: str
    on: date
    created_at: datetime
    title: Mapping[str, str]
    text: Mapping[str, str] = field(repr=False)


def plan_document(issuing: CaseNow, kind: str, task: Task | None = None) -> PlannedDocument | None:
    """Plan a document, and tell the applicant; None where the definition lets none of the kind be issued."""
    case, rules = issuing.case, issuing.definition.documents
    if rules is None or kind not in rules.texts:
        return None
    wording = rules.texts[kind]
    case.tell(entry(
        issuing.now, DOCUMENT_ISSUED, {"title_zh": wording.title["zh"], "title_en": wording.title["en"]},
        step=None if task is None else task.name))
    return PlannedDocument(
        tenant=case.tenant, case_id=case.id, name=kind if task is None else f"{kind}.{task.name}", kind=kind,
        step=None if task is None else task.name, mark=rules.mark,
        department_code=issuing.definition.department_code, on=local_date(issuing.now), created_at=issuing.now,
        title=dict(wording.title), text=_written(wording, issuing, task))


def _written(wording: DocumentText, issuing: CaseNow, task: Task | None) -> Mapping[str, str]:
    return {
        language: text.format_map(_values(issuing, language, task)) for language, text in wording.text.items()}


def _values(issuing: CaseNow, language: str, task: Task | None) -> Mapping[str, str]:
    """Give every placeholder its text; one that has no meaning yet is empty."""
    case, definition = issuing.case, issuing.definition
    procedure, stop = Procedure.of(case), case.stop or {}
    supplement, result = case.handling.get("supplement") or {}, task.result if task is not None else {}
    extension = procedure.extension if procedure is not None else None
    return {
        **dict.fromkeys(kinds.PLACEHOLDERS, ""),
        "matter": getattr(definition.title, language), "department": getattr(definition.department_name, language),
        "case_id": case.id, **({} if procedure is None else _days(procedure, language)),
        "items": "\n".join(f"{number}. {item}" for number, item in enumerate(supplement.get("items", ()), 1)),
        "answer_by": _last_day(supplement.get("due_at"), language),
        "reason": str(stop.get(language) or "") if extension is None or stop else extension.reason,
        "remedies": "\n".join(one[language] for one in REMEDIES),
        "amount": decimal_text(int(result["amount_minor"])) if "amount_minor" in result else "",
        "currency": str(result.get("currency", "")), "pay_code": str(result.get("pay_code", "")),
    }


def _days(procedure: Procedure, language: str) -> Mapping[str, str]:
    promised, legal = procedure.promised_due_at, procedure.legal_due_at
    return {
        "received_on": _day(procedure.received_at, language), "accepted_on": _day(procedure.accepted_at, language),
        "ended_on": _day(procedure.ended_at, language),
        "due_on": _last_day(promised or legal, language) or NOT_KNOWN[language],
    }


def _day(at: str | None, language: str) -> str:
    return "" if at is None else dated(local_date(datetime.fromisoformat(at)), language)


def _last_day(due_at: str | None, language: str) -> str:
    """A limit ends with its last day, at midnight."""
    if due_at is None:
        return ""
    return dated(local_date(datetime.fromisoformat(due_at) - timedelta(seconds=1)), language)


def dated(day: date, language: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()
