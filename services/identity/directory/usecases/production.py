"""Ask for production, and decide on it. Who asks does not approve."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.app import PORTAL, App
from services.identity.directory.domain.errors import DecisionNotAllowed, SelfServiceNotAllowed
from services.identity.directory.domain.ports import HasApps, HasMemberships, HasRealms, RecordsChanges
from services.identity.directory.domain.realm import Realm
from services.identity.directory.usecases import views
from services.identity.directory.usecases.managed_app import managed_app, refuse_production_from_sandbox
from services.identity.directory.usecases.records import record_app
from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.ports import HasSubjects
from shared_components.kernel.apps import is_app
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

REQUESTED, APPROVED, REFUSED = "production-requested", "production-approved", "production-refused"


class RequestProductionTx(RecordsChanges, HasRealms, HasApps, Protocol):
    """The transaction of asking for production."""


class DecideProductionTx(RequestProductionTx, HasMemberships, HasSubjects, Protocol):
    """The transaction of deciding on production."""


@dataclass(frozen=True, slots=True)
class RequestProduction:
    """officer_id: the subject id of the officer who asks; operators state it."""

    app: str
    officer_id: str | None = None


@dataclass(frozen=True, slots=True)
class DecideProduction:
    """officer_id: the subject id of the officer who decides. reason: without personal data."""

    app: str
    officer_id: str
    approve: bool
    reason: str


def request_production(tx: RequestProductionTx, command: RequestProduction, context: CallContext) -> views.AppView:
    """Raises AppNotFound, AppNotActive, SelfServiceNotAllowed, IllegalTransition."""
    asker = _asker(command, context)
    _, app = managed_app(tx, command.app, context, lock=True)
    refuse_production_from_sandbox(tx, app, context)
    asked = app.asking(asker)
    tx.apps.save(asked)
    record_app(tx, asked, REQUESTED, context, requested_by=asked.requested_by, scopes=list(asked.draft.scopes),
        sensitive_scopes=list(asked.draft.sensitive_scopes))
    return views.app(asked, tx.apps.keys([app.app])[app.app])


def decide_production(tx: DecideProductionTx, command: DecideProduction, context: CallContext) -> views.AppView:
    """Raises AppNotFound, AppNotActive, DecisionNotAllowed, IllegalTransition."""
    acting = context.acting
    if acting is not None and acting.subject != command.officer_id:
        raise DecisionNotAllowed(Bilingual(
            f"officer_id is '{command.officer_id}', and the session is another person's; the session's person decides",
            f"officer_id 为“{command.officer_id}”，与当前会话人员不符；须由会话本人审批"))
    realm, app = managed_app(tx, command.app, context, lock=True)
    _require_decider(tx, realm, app, command.officer_id)
    decided = app.decided(command.approve)
    tx.apps.save(decided)
    record_app(
        tx, decided, APPROVED if command.approve else REFUSED, context, decided_by=command.officer_id,
        reason=command.reason)
    return views.app(decided, tx.apps.keys([app.app])[app.app])


def _asker(command: RequestProduction, context: CallContext) -> str:
    """The person of the session, else the officer whom an operator states, else the calling app.

    Raises SelfServiceNotAllowed.
    """
    if context.acting is None and not is_app(context.caller):
        return command.officer_id or context.caller
    asker = context.caller if context.acting is None else context.acting.subject
    if command.officer_id in (None, asker):
        return asker
    raise SelfServiceNotAllowed(Bilingual(
        "officer_id is stated by an app or in a session; only an operator without a session may state who asks",
        "应用或个人会话不得代填 officer_id；仅运维人员（无会话时）可填写申请人"))


def _require_decider(tx: DecideProductionTx, realm: Realm, app: App, officer_id: str) -> None:
    """A portal is approved by the realm: by the department that owns its population. Raises DecisionNotAllowed."""
    responsible = realm.department_id if app.kind == PORTAL else app.department_id
    today = china_today(tx.clock.now())
    memberships = [] if responsible is None else tx.memberships.active(
        realm.realm_id, department_id=responsible, subject_id=officer_id)
    # Persons of the sandbox are pretended ones, whatever their membership.
    real = tx.subjects.get(realm.realm_id, officer_id) is not None
    if not real or not any(membership.may_decide(today) for membership in memberships):
        raise DecisionNotAllowed(Bilingual(
            f"subject {officer_id} has no role approver or manager in department {responsible} today",
            f"{officer_id} 目前不是部门 {responsible} 的审批人或负责人"))
    if officer_id == app.requested_by:
        raise DecisionNotAllowed(Bilingual(
            f"subject {officer_id} has asked for production; another approver or manager is allowed",
            f"{officer_id} 是申请人；须由其他审批人或负责人审批"))
