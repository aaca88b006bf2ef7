"""Show requests to the person and to officers, and give the person the copy."""
from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.identity.privacy.domain.errors import CopyGone
from services.identity.privacy.usecases import views
from services.identity.privacy.usecases.decide import ByPersonalRequest, officer_of, seen_request
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

OWN = PagedList[str]("identity.list_personal_requests", str)
TO_DECIDE = PagedList[str]("identity.list_requests_to_decide", str)


@dataclass(frozen=True, slots=True)
class ListPersonalRequests:
    """state: None is any."""

    state: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def get_personal_requests(
    tx: PrivacyTx, calls: Sequence[Call[ByPersonalRequest]],
) -> list[views.PersonalRequestView | AppError]:
    """Give each call its request, or PersonalRequestNotFound."""
    now = tx.clock.now()
    found = tx.personal_requests.read([(call.context, call.data.request_id) for call in calls])
    return [
        each if isinstance(each, AppError) else views.request(each, now, call.context.locale)
        for call, each in zip(calls, found, strict=True)]


def list_personal_requests(
    tx: PrivacyTx, command: ListPersonalRequests, context: CallContext,
) -> PageView[views.PersonalRequestView]:
    """The acting person's requests, newest first."""
    page, now = OWN.asked(command, context.citizen), tx.clock.now()
    found = tx.personal_requests.page(
        context, subject_id=context.citizen or "", keeper=None, state=command.state, before=page.after,
        limit=page.fetch)
    return page.view(
        found, view=lambda it: views.request(it, now, context.locale), key=lambda it: it.request_id)


def list_requests_to_decide(
    tx: PrivacyTx, command: ListPersonalRequests, context: CallContext,
) -> PageView[views.PersonalRequestView]:
    """Requests of which the officer's department decides, newest first. Raises DecisionForOfficers."""
    officer_of(context)
    department = context.acting.department if context.acting is not None else None
    page, now = TO_DECIDE.asked(command, department), tx.clock.now()
    found = tx.personal_requests.page(
        context, subject_id=None, keeper=department or "", state=command.state, before=page.after, limit=page.fetch)
    return page.view(
        found, view=lambda it: views.request(it, now, context.locale), key=lambda it: it.request_id)


def get_personal_copy(tx: PrivacyTx, command: ByPersonalRequest, context: CallContext) -> views.PersonalCopyView:
    """The signed copy that a request has made. Raises PersonalRequestNotFound, CopyGone."""
    request = seen_request(tx, command.request_id, context)
    copy = tx.personal_copies.get(request.request_id, tx.clock.now())
    if copy is None:
        raise CopyGone
    return views.PersonalCopyView(
        request_id=copy.request_id, document=base64.b64encode(copy.document).decode(), key_id=copy.key_id,
        signature=base64.b64encode(copy.signature).decode(), made_at=copy.made_at, expires_at=copy.expires_at)
