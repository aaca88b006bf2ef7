"""Read cases, for many calls at a time: one with its steps, or a list."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.ports import HasEngine
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.views import CaseSummaryView, CaseView, case_summary, case_view, locale_of
from services.matter.definitions.domain.kind_rules import Rules
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

CASES = PagedList[str]("matter.list_cases", str)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """None is all. after: the id of the last case of the page before."""

    applicant_subject: str | None
    matter_code: str | None
    state: str | None
    stuck: bool | None
    after: str | None
    limit: int


class ReadableCases(Protocol):
    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]:
        """Give each call its case by id, or CaseNotFound, also for a case that the call may not see."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, CaseFilter]]) -> list[list[Case]]:
        """Give each call its cases, newest first."""
        ...


class ReadCasesTx(HasClock, HasEngine, Protocol):
    """The part of a transaction that reading cases uses."""

    @property
    def cases(self) -> ReadableCases: ...


@dataclass(frozen=True, slots=True)
class ListCases:
    """None: any."""

    applicant_subject: str | None = None
    matter_code: str | None = None
    state: str | None = None
    stuck: bool | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def get_cases(tx: ReadCasesTx, calls: Sequence[Call[OneCase]]) -> list[CaseView | AppError]:
    """Give each call its case, or CaseNotFound."""
    now, rules = tx.clock.now(), tx.engine.rules
    found = tx.cases.read([(call.context, call.data.case_id) for call in calls])
    return [
        case if isinstance(case, AppError)
        else attempt(_case_view, case, rules, locale_of(call.context), now)
        for call, case in zip(calls, found, strict=True)
    ]


def _case_view(case: Case, rules: Rules, locale: str, now: datetime) -> CaseView:
    return case_view(case, rules, locale=locale, now=now)


def list_cases(tx: ReadCasesTx, calls: Sequence[Call[ListCases]]) -> list[PageView[CaseSummaryView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid; an acting citizen gets the own cases only."""
    now = tx.clock.now()
    return read_pages(
        calls, CASES,
        lambda asked: tx.cases.pages([(call.context, _filter(call, page)) for call, page in asked]),
        view=lambda case, context: case_summary(case, locale=locale_of(context), now=now), key=lambda case: case.id)


def _filter(call: Call[ListCases], page: Page[str]) -> CaseFilter:
    wanted = call.data
    return CaseFilter(
        applicant_subject=call.context.citizen or wanted.applicant_subject, matter_code=wanted.matter_code,
        state=wanted.state, stuck=wanted.stuck, after=page.after, limit=page.fetch)
