"""Entrypoints of personal-information requests: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

import structlog

from services.identity.privacy import schemas
from services.identity.privacy.domain import errors
from services.identity.privacy.usecases import decide, read, submit, views
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from services.identity.subjects.domain.errors import NameInvalid, SubjectNotFound
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import EXPORTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView
from shared_components.kernel.states import IllegalTransition

log = structlog.get_logger(__name__)

PURGE_INTERVAL_S = 3600.0
PERSONS = ["gateway", "app"]
OWN: RuleArguments = {
    "basis": ["holder"], "resource": "personal-information", "about": ["subject"], "roles": [], "level": 2,
    "as_subject": True, "discloses": True, "composable": False,
}
CHANGED: RuleArguments = {**OWN, "level": 3}
DECIDED: RuleArguments = {
    "basis": ["own"], "resource": "personal-information", "about": [], "roles": ["manager", "approver"], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class PrivacyEntrypoints:
    """Methods by which a person exercises rights about personal information, and officers answer."""

    @rpc_method(
        request=schemas.SubmitPersonalRequest, reply=schemas.PersonalRequest,
        errors=[
            SubjectNotFound, errors.PersonalRequestOpen, errors.CorrectionInvalid, NameInvalid, IllegalTransition],
        callers=PERSONS, mutating=True, public=True, **CHANGED,
        zh="提交个人信息权利请求：查阅、复制、撤回同意即时办结，更正、删除、限制处理、注销由工作人员办理。")
    def submit_personal_request(
        self, tx: PrivacyTx, call: Call[submit.SubmitPersonalRequest],
    ) -> views.PersonalRequestView:
        """Exercise a right about the own personal information."""
        return submit.submit_personal_request(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByPersonalRequest, reply=schemas.PersonalRequest, errors=[errors.PersonalRequestNotFound],
        callers=PERSONS, bulk=True, public=True, **OWN, zh="查询本人的个人信息权利请求。")
    def get_personal_request(
        self, tx: PrivacyTx, calls: Sequence[Call[decide.ByPersonalRequest]],
    ) -> Sequence[views.PersonalRequestView | AppError]:
        """One of the acting person's requests."""
        return read.get_personal_requests(tx, calls)

    @rpc_method(
        request=schemas.ListPersonalRequests, reply=schemas.PersonalRequestPage, callers=PERSONS, public=True, **OWN,
        zh="列出本人的个人信息权利请求，最新的在前。")
    def list_personal_requests(
        self, tx: PrivacyTx, call: Call[read.ListPersonalRequests],
    ) -> PageView[views.PersonalRequestView]:
        """The acting person's requests, newest first."""
        return read.list_personal_requests(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByPersonalRequest, reply=schemas.PersonalRequest,
        errors=[errors.PersonalRequestNotFound, IllegalTransition], callers=PERSONS, mutating=True, public=True,
        **OWN, zh="撤回本人尚未办结的个人信息权利请求。")
    def cancel_personal_request(
        self, tx: PrivacyTx, call: Call[decide.ByPersonalRequest],
    ) -> views.PersonalRequestView:
        """Take back a request that is not decided yet."""
        return decide.cancel_personal_request(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByPersonalRequest, reply=schemas.PersonalCopy,
        errors=[errors.PersonalRequestNotFound, errors.CopyGone], callers=PERSONS, public=True, **CHANGED,
        load_class=EXPORTS, zh="领取本人信息副本（JSON，附签名）。")
    def get_personal_copy(self, tx: PrivacyTx, call: Call[decide.ByPersonalRequest]) -> views.PersonalCopyView:
        """The signed copy of what identity holds of the acting person."""
        return read.get_personal_copy(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListPersonalRequests, reply=schemas.PersonalRequestPage, errors=[errors.DecisionForOfficers],
        callers=PERSONS, public=True, **DECIDED, zh="列出由本部门办理的个人信息权利请求，最新的在前。")
    def list_requests_to_decide(
        self, tx: PrivacyTx, call: Call[read.ListPersonalRequests],
    ) -> PageView[views.PersonalRequestView]:
        """Requests that officers of the department decide, newest first."""
        return read.list_requests_to_decide(tx, call.data, call.context)

    @rpc_method(
        request=schemas.DecidePersonalRequest, reply=schemas.PersonalRequest,
        errors=[
            errors.PersonalRequestNotFound, errors.DecisionForOfficers, errors.ReasonMissing, SubjectNotFound,
            IllegalTransition],
        callers=PERSONS, mutating=True, public=True, **DECIDED,
        zh="办理个人信息权利请求；不予办理须说明理由，不得办理本人的请求。")
    def decide_personal_request(
        self, tx: PrivacyTx, call: Call[decide.DecidePersonalRequest],
    ) -> views.PersonalRequestView:
        """Do what a person asks for, or refuse it with a reason."""
        return decide.decide_personal_request(tx, call.data, call.context)

    @every(seconds=PURGE_INTERVAL_S)
    def purge_personal_copies(self, transactions: Transactions) -> None:
        """Delete copies whose time is over."""
        with transactions.begin() as tx:
            gone = tx.personal_copies.purge(transactions.clock.now())
        if gone:
            log.info("identity.personal_copies.purged", copies=gone)
