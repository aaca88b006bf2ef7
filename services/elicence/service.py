"""Entrypoints of elicence: each calls one use case."""
from __future__ import annotations

from services.elicence import schemas, usecases
from services.elicence.adapters.licences import LICENCES
from services.elicence.domain import errors, states
from services.elicence.domain.verification import Verdict
from services.elicence.providers import ELicenceProvider
from services.elicence.transaction import SqlELicenceTransaction
from services.elicence.usecases.views import LicenceTypeView, LicenceView, PresentedView
from shared_components.bus import Transactions, every, rpc_method
from shared_components.bus.server.directory_following import DirectoryFollowing
from shared_components.bus.server.evidence_sealing import EvidenceSealing
from shared_components.bus.server.subject_merging import SubjectMerging
from shared_components.contracts import EventContract
from shared_components.db.subject_aliases import NamedSubject
from shared_components.evidence_log.events import EVIDENCE_SEALED
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS, VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.names import InvalidName
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.paging import PageView
from shared_components.kernel.states import IllegalTransition

READERS = ["gateway", "matter", "app", "operator"]
# Only a matter, by its definition, or an operator gives and takes licences; apps and browsers read and show them.
ISSUERS = ["matter", "operator"]
ISSUE_ERRORS = [
    errors.LicenceTypeUnknown, errors.LicenceNotFound, errors.ContentInvalid, errors.ValidityInvalid,
    errors.ActiveLicenceExists, errors.PriorMismatch, errors.PriorNotRenewable, InvalidName, NumberError,
]
CHANGE_ERRORS = [errors.LicenceNotFound, IllegalTransition]
Changes = list[Call[usecases.ChangeState]]


CATALOGUE: RuleArguments = {
    "basis": ["own", "public", "platform"], "resource": "licence-type", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
ADMINISTERED: RuleArguments = {**CATALOGUE, "basis": ["platform"]}
KEPT: RuleArguments = {
    "basis": ["agreement", "platform"], "resource": "licence", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": True, "composable": True,
}
READ: RuleArguments = {
    "basis": ["own", "holder", "grant", "platform"], "resource": "licence", "about": ["holder"],
    "roles": ["handler", "approver", "auditor"], "level": 0, "as_subject": False, "discloses": True, "composable": True,
}
SHOWN: RuleArguments = {**READ, "basis": ["own", "platform"], "roles": [], "discloses": False, "composable": False}
CHECKED: RuleArguments = {
    **READ, "basis": ["public", "platform"], "about": [], "roles": [], "discloses": True, "composable": False}


class ELicenceService(EvidenceSealing, SubjectMerging, DirectoryFollowing):
    """Issues electronic licences, keeps their life cycle, and lets others check them."""

    name = "elicence"
    summary_zh = "签发、出示、核验、注销电子证照。"
    contract_version = "3.2"
    tickets = ("gateway", "matter")
    emits = (
        EventContract(states.LICENCE_ISSUED, schemas.LicenceIssued, summary="A licence was issued.",
        summary_zh="证照已签发。"),
        EventContract(states.LICENCE_SUPERSEDED, schemas.LicenceSuperseded, summary="A newer version replaced it.",
        summary_zh="新版本已签发，本版证照失效。"),
        EventContract(states.STATE_CHANGED, schemas.LicenceStateChanged, summary="Its state changed otherwise.",
        summary_zh="证照状态已变更。"),
        EVIDENCE_SEALED,
    )
    names_subjects = (NamedSubject(LICENCES, "licence_id", "holder_subject"),)
    transactions = ELicenceProvider()

    @rpc_method(
        request=schemas.PutType, reply=schemas.LicenceType, callers=["operator"], mutating=True,
        errors=[errors.LicenceTypeInvalid, InvalidName, NumberError],
        **ADMINISTERED, zh="新增证照类型或其新版本；已签发的证照仍按原版本。")
    def put_type(self, tx: SqlELicenceTransaction, call: Call[usecases.PutType]) -> LicenceTypeView:
        """Add a licence type to the catalogue, or a new version of one."""
        return usecases.put_type(tx, call.data, call.context)

    @rpc_method(request=schemas.ListTypes, reply=schemas.LicenceTypes, callers=READERS, bulk=True, public=True,
        **CATALOGUE, zh="查询证照类型目录，按代码排序。")
    def list_types(
        self, tx: SqlELicenceTransaction, calls: list[Call[usecases.ListTypes]],
    ) -> list[PageView[LicenceTypeView] | AppError]:
        """The current licence types of the department."""
        return usecases.list_types(tx, calls)

    @rpc_method(
        request=schemas.Issue, reply=schemas.Licence, errors=ISSUE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True,
        **KEPT, load_class=VITAL, zh="签发证照；填写上一版证照标识即为换发，旧证随之失效。")
    def issue(
        self, tx: SqlELicenceTransaction, calls: list[Call[usecases.IssueLicence]],
    ) -> list[LicenceView | AppError]:
        """Issue a licence, or with prior_identifier its next version, which supersedes the prior one."""
        return usecases.issue_licences(tx, calls)

    @rpc_method(
        request=schemas.Get, reply=schemas.Licence, errors=[errors.LicenceNotFound], callers=READERS, bulk=True,
        public=True,
        **READ, load_class=VITAL, zh="按证照编号或证照标识查询一张证照，二者只填其一。")
    def get(
        self, tx: SqlELicenceTransaction, calls: list[Call[usecases.GetLicence]],
    ) -> list[LicenceView | AppError]:
        """One licence, by its id or its identifier."""
        return usecases.get_licences(tx, calls)

    @rpc_method(request=schemas.ListByHolder, reply=schemas.Licences, callers=READERS, bulk=True, public=True,
        **READ, load_class=LISTS, zh="查询某持证人的证照，最新的在前。")
    def list_by_holder(
        self, tx: SqlELicenceTransaction, calls: list[Call[usecases.ListByHolder]],
    ) -> list[PageView[LicenceView] | AppError]:
        """The licences of a holder, newest first."""
        return usecases.list_by_holder(tx, calls)

    @rpc_method(
        request=schemas.Present, reply=schemas.Presented,
        errors=[errors.LicenceNotFound, errors.LicenceNotUsable, errors.FieldUnknown],
        callers=READERS, mutating=True, bulk=True, public=True,
        **SHOWN, load_class=VITAL, zh="生成一次性核验码，供持证人在短时间内为某一用途出示证照。")
    def present(
        self, tx: SqlELicenceTransaction, calls: list[Call[usecases.PresentLicence]],
    ) -> list[PresentedView | AppError]:
        """Make a code with which a licence is shown once, for a short time, for one purpose."""
        return usecases.present_licences(tx, calls)

    @rpc_method(
        request=schemas.Verify, reply=schemas.Verdict, callers=READERS, mutating=True, bulk=True, public=True,
        **CHECKED, load_class=VITAL, zh="凭核验码或证照标识核验证照此刻是否有效，二者只填其一。")
    def verify(self, tx: SqlELicenceTransaction, calls: list[Call[usecases.VerifyLicence]]) -> list[Verdict]:
        """Whether a licence holds now, by the code that its holder shows or by its identifier."""
        return usecases.verify_licences(tx, calls)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Licence, errors=CHANGE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True, **KEPT, zh="暂停使用证照。")
    def suspend(self, tx: SqlELicenceTransaction, calls: Changes) -> list[LicenceView | AppError]:
        """Suspend a licence for a time."""
        return usecases.change_states(tx, calls, target=states.SUSPENDED)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Licence, errors=CHANGE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True, **KEPT, zh="恢复已暂停的证照。")
    def resume(self, tx: SqlELicenceTransaction, calls: Changes) -> list[LicenceView | AppError]:
        """Make a suspended licence valid again."""
        return usecases.change_states(tx, calls, target=states.ISSUED)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Licence, errors=CHANGE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True, **KEPT, zh="撤销不应准予的证照（撤销），不可恢复。")
    def revoke(self, tx: SqlELicenceTransaction, calls: Changes) -> list[LicenceView | AppError]:
        """Revoke a licence that should not have been granted (撤销); this is final."""
        return usecases.change_states(tx, calls, target=states.REVOKED)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Licence, errors=CHANGE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True, **KEPT, zh="注销证照，如持证人主动放弃（注销），不可恢复。")
    def cancel(self, tx: SqlELicenceTransaction, calls: Changes) -> list[LicenceView | AppError]:
        """Cancel a licence, for example because its holder gives it up (注销); this is final."""
        return usecases.change_states(tx, calls, target=states.CANCELLED)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Licence, errors=CHANGE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True, **KEPT, zh="作为处罚吊销证照（吊销），不可恢复。")
    def withdraw(self, tx: SqlELicenceTransaction, calls: Changes) -> list[LicenceView | AppError]:
        """Withdraw a licence as a penalty (吊销); this is final."""
        return usecases.change_states(tx, calls, target=states.WITHDRAWN)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Licence, errors=CHANGE_ERRORS, callers=ISSUERS,
        mutating=True, bulk=True, **KEPT, zh="登记证照已转由他处管理（转出），不可恢复。")
    def transfer_out(self, tx: SqlELicenceTransaction, calls: Changes) -> list[LicenceView | AppError]:
        """Note that a licence is kept elsewhere from now on (转出); this is final."""
        return usecases.change_states(tx, calls, target=states.TRANSFERRED)

    @every(seconds=60)
    def expire_ended(self, transactions: Transactions) -> None:
        """Tell the world of licences that have come to their end."""
        usecases.expire_ended(transactions)

    @every(seconds=300)
    def purge_presentations(self, transactions: Transactions) -> None:
        """Forget presentation codes that ended more than a day ago."""
        usecases.purge_presentations(transactions)
