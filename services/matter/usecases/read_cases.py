"""Read cases, for many calls at a time: one with its steps, or a list."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.domain.case import Case
from services.matter.domain.errors import unknown_case
from services.matter.domain.ports import HasEngine
from services.matter.usecases.own_case import OneCase, require_own
from services.matter.usecases.views import CaseSummaryView, CaseView, case_summary, case_view, locale_of
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

CASES = PagedList[str]("matter.list_cases", str)


@dataclass(frozen=True)
class CaseFilter:
    """apps: whose cases, None: of all; after: the id of the last case of the page before."""

    tenant: str
    apps: tuple[str, ...] | None = None
    applicant_subject: str | None = None
    matter_code: str | None = None
    state: str | None = None
    stuck: bool | None = None
    after: str | None = None
    limit: int = 50


class ReadableCases(Protocol):
    def get_many(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Case]:
        """Give the cases of (tenant, case id) pairs, with their timelines; unknown ones are absent."""
        ...

    def find_many(self, wanted: Sequence[CaseFilter]) -> list[list[Case]]:
        """Give the cases of each filter, newest first."""
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
    """Give each call its case, or CaseNotFound, ApplicantMismatch."""
    found = tx.cases.get_many({(call.context.tenant, call.data.case_id) for call in calls})
    return [attempt(_own_view, tx, found, call) for call in calls]


def _own_view(tx: ReadCasesTx, found: Mapping[tuple[str, str], Case], call: Call[OneCase]) -> CaseView:
    case = found.get((call.context.tenant, call.data.case_id))
    if case is None:
        raise unknown_case(call.data.case_id)
    own = require_own(case, call.context)
    return case_view(own, tx.engine.rules, locale=locale_of(call.context), now=tx.clock.now())


def list_cases(tx: ReadCasesTx, calls: Sequence[Call[ListCases]]) -> list[PageView[CaseSummaryView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid.

    A caller that acts for a subject sees the cases of that subject only.
    """
    now = tx.clock.now()
    pages = [attempt(_page, call) for call in calls]
    found = iter(tx.cases.find_many([
        _filter(call, page) for call, page in zip(calls, pages, strict=True) if isinstance(page, Page)]))

    def view(page: Page[str], locale: str) -> PageView[CaseSummaryView]:
        return page.view(
            next(found), view=lambda case: case_summary(case, locale=locale, now=now), key=lambda case: case.id)

    return [
        page if isinstance(page, AppError) else view(page, locale_of(call.context))
        for call, page in zip(calls, pages, strict=True)
    ]


def _page(call: Call[ListCases]) -> Page[str]:
    context = call.context
    return CASES.asked(call.data, context.tenant, context.subject, *(context.makers or ()))


def _filter(call: Call[ListCases], page: Page[str]) -> CaseFilter:
    command, context = call
    return CaseFilter(
        tenant=context.tenant, apps=context.makers, applicant_subject=context.subject or command.applicant_subject,
        matter_code=command.matter_code, state=command.state, stuck=command.stuck,
        after=page.after, limit=page.fetch,
    )
