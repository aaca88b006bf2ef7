"""Read cases: one with its steps, or a list."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.domain.case import Case
from services.matter.domain.ports import HasEngine
from services.matter.usecases.own_case import OneCase, require_own
from services.matter.usecases.views import CaseSummaryView, CaseView, case_summary, case_view, locale_of
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

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
    def get(self, tenant: str, case_id: str) -> Case:
        """Raises CaseNotFound."""
        ...

    def find(self, wanted: CaseFilter) -> Sequence[Case]:
        """Newest first."""
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


def get_case(tx: ReadCasesTx, command: OneCase, context: CallContext) -> CaseView:
    """Raises CaseNotFound, ApplicantMismatch."""
    case = require_own(tx.cases.get(context.tenant, command.case_id), context)
    return case_view(case, tx.engine.rules, locale=locale_of(context), now=tx.clock.now())


def list_cases(tx: ReadCasesTx, command: ListCases, context: CallContext) -> PageView[CaseSummaryView]:
    """List cases, newest first; a caller that acts for a subject sees that subject's only. Raises PageCursorInvalid."""
    tenant, acting, apps = context.tenant, context.subject, context.makers
    page = CASES.asked(command, tenant, acting, *(apps or ()))
    found = tx.cases.find(CaseFilter(
        tenant=tenant, apps=apps, applicant_subject=acting or command.applicant_subject,
        matter_code=command.matter_code, state=command.state, stuck=command.stuck,
        after=page.after, limit=page.fetch,
    ))
    now, locale = tx.clock.now(), locale_of(context)
    return page.view(found, view=lambda case: case_summary(case, locale=locale, now=now), key=lambda case: case.id)
