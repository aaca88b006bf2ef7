"""Entrypoints of mandates: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

import structlog

from services.identity.mandates import schemas
from services.identity.mandates.domain import errors
from services.identity.mandates.domain.ports import MandatesTx, OrganisationRegister
from services.identity.mandates.usecases import answer, appoint, expire, read, representation, revoke, views
from services.identity.subjects.domain.errors import (
    AuthorityUnavailable,
    DocumentNumberInvalid,
    IdTypeUnknown,
    NameInvalid,
    SubjectNotActive,
    SubjectNotFound,
)
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS, REPORTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.paging import PageView
from shared_components.kernel.states import IllegalTransition

log = structlog.get_logger(__name__)

EXPIRY_INTERVAL_S = 30.0
PERSONS = ["gateway", "app"]
SUBJECT_ERRORS = [SubjectNotFound, SubjectNotActive]
ANSWER_ERRORS = [errors.MandateNotFound, IllegalTransition]
BETWEEN_TWO: RuleArguments = {
    "basis": ["holder"], "resource": "mandate", "about": ["principal", "agent"], "roles": [], "level": 2,
    "as_subject": True, "discloses": True, "composable": False,
}
GIVEN: RuleArguments = {**BETWEEN_TWO, "about": ["principal"], "level": 3}
RECEIVED: RuleArguments = {**BETWEEN_TWO, "about": ["agent"]}
PROVED: RuleArguments = {**RECEIVED, "level": 3}


class MandateEntrypoints:
    """Methods about mandates; a person acts in each, for itself or for an organisation."""

    @rpc_method(
        request=schemas.ProveRepresentation, reply=schemas.Mandate,
        errors=[*SUBJECT_ERRORS, NumberError, NameInvalid, errors.RepresentationRefused, AuthorityUnavailable],
        callers=PERSONS, mutating=True, own_transactions=True, public=True, **PROVED,
        zh="法人入口：经登记机关核实后，当前登录人成为该组织的法定代表人。")
    def prove_representation(
        self, transactions: Transactions, call: Call[representation.ProveRepresentation],
    ) -> views.MandateView:
        """Have the register confirm that the acting person is an organisation's legal representative."""
        register: OrganisationRegister = transactions.provider.register
        return representation.prove_representation(transactions, register, call.data, call.context)

    @rpc_method(
        request=schemas.AppointAgent, reply=schemas.Mandate,
        errors=[
            *SUBJECT_ERRORS, errors.AppointmentNotAllowed, errors.MandateTooWide, errors.MandatePeriodInvalid,
            errors.AgentInvalid, errors.TooManyMandates, NumberError, IdTypeUnknown, DocumentNumberInvalid,
            NameInvalid],
        callers=PERSONS, mutating=True, public=True, **GIVEN,
        zh="授权他人经办：为本人，或为当前代表的组织设立经办人、管理员；对方接受后生效。")
    def appoint_agent(self, tx: MandatesTx, call: Call[appoint.AppointAgent]) -> views.MandateView:
        """Appoint an agent for the acting person or organisation; in force when the agent accepts."""
        return appoint.appoint_agent(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByMandate, reply=schemas.Mandate,
        errors=[*ANSWER_ERRORS, *SUBJECT_ERRORS, errors.MandatePeriodInvalid], callers=PERSONS, mutating=True,
        public=True, **RECEIVED, zh="接受授权，此后可代为办理。")
    def accept_mandate(self, tx: MandatesTx, call: Call[answer.ByMandate]) -> views.MandateView:
        """Accept a mandate; the acting person may act under it from now on."""
        return answer.accept_mandate(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByMandate, reply=schemas.Mandate, errors=ANSWER_ERRORS, callers=PERSONS, mutating=True,
        public=True, **RECEIVED, zh="拒绝授权。")
    def refuse_mandate(self, tx: MandatesTx, call: Call[answer.ByMandate]) -> views.MandateView:
        """Refuse a mandate that was proposed to the acting person."""
        return answer.refuse_mandate(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByMandate, reply=schemas.Mandate, errors=[*ANSWER_ERRORS, errors.AppointmentNotAllowed],
        callers=PERSONS, mutating=True, public=True, **BETWEEN_TWO, zh="撤销授权，双方均可撤销，立即生效。")
    def revoke_mandate(self, tx: MandatesTx, call: Call[answer.ByMandate]) -> views.MandateView:
        """Revoke a mandate, as its principal or its agent; it ends at once."""
        return revoke.revoke_mandate(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByMandate, reply=schemas.Mandate, errors=[errors.MandateNotFound], callers=PERSONS,
        bulk=True, public=True, **BETWEEN_TWO, zh="查询一项授权。")
    def get_mandate(
        self, tx: MandatesTx, calls: Sequence[Call[answer.ByMandate]],
    ) -> Sequence[views.MandateView | AppError]:
        """A mandate of the acting subject, as principal or as agent."""
        return read.get_mandates(tx, calls)

    @rpc_method(
        request=schemas.ListMandates, reply=schemas.MandatePage, callers=PERSONS, public=True, **BETWEEN_TWO,
        load_class=LISTS, zh="列出本方授出或收到的授权，最新的在前。")
    def list_mandates(self, tx: MandatesTx, call: Call[read.ListMandates]) -> PageView[views.MandateView]:
        """Mandates that the acting subject has given or received, newest first."""
        return read.list_mandates(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListMandateChanges, reply=schemas.MandateChangePage, errors=[errors.MandateNotFound],
        callers=PERSONS, public=True, **BETWEEN_TWO, load_class=REPORTS, zh="查询授权的变更记录，最新的在前。")
    def list_mandate_changes(
        self, tx: MandatesTx, call: Call[read.ListMandateChanges],
    ) -> PageView[views.MandateChangeView]:
        """History of a mandate, newest first."""
        return read.list_mandate_changes(tx, call.data, call.context)

    @every(seconds=EXPIRY_INTERVAL_S)
    def expire_mandates(self, transactions: Transactions) -> None:
        """Expire mandates whose period is over, and proposals that nobody has accepted in time."""
        expired = expire.expire_mandates(transactions)
        if expired:
            log.info("identity.mandates.expired", mandates=expired)
