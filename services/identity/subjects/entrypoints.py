"""Entrypoints of subjects: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

import structlog

from services.identity.subjects import schemas, usecases
from services.identity.subjects.domain import errors, states
from services.identity.subjects.domain.ports import Authority, SubjectsTx
from services.identity.subjects.usecases import views
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import EXPORTS, REPORTS, VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.paging import PageView
from shared_components.kernel.states import IllegalTransition

log = structlog.get_logger(__name__)

EVERYBODY = ["gateway", "matter", "app", "operator"]
REGISTER_ERRORS = [errors.NameInvalid, errors.AlreadyRegistered, NumberError]
DOCUMENT_ERRORS = [errors.IdTypeUnknown, errors.DocumentNumberInvalid, NumberError]
EVIDENCE_ERRORS = [
    errors.SubjectNotFound, errors.SubjectNotActive, errors.EvidenceRefused, errors.EvidenceNotAllowed,
    errors.AuthorityUnavailable,
]
STATE_ERRORS = [errors.SubjectNotFound, IllegalTransition]
POPULATION: RuleArguments = {
    "basis": ["own", "platform"], "resource": "subject", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
FOR_CASE: RuleArguments = {
    "basis": ["agreement", "platform"], "resource": "subject", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": True, "composable": True,
}
LEVELS: RuleArguments = {
    "basis": ["public", "platform"], "resource": "level", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "subject", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
SEEN: RuleArguments = {
    **POPULATION, "basis": ["own", "holder", "platform"], "about": ["subject"],
    "roles": ["handler", "approver", "manager"], "discloses": True,
}


class SubjectEntrypoints:
    """Methods about persons and organisations."""

    @rpc_method(
        request=schemas.RegisterPerson, reply=schemas.Subject, errors=[*REGISTER_ERRORS, *DOCUMENT_ERRORS],
        callers=EVERYBODY, mutating=True, public=True,
        **POPULATION, zh="登记自然人及其身份证件，初始实名等级为 1。")
    def register_person(self, tx: SubjectsTx, call: Call[usecases.RegisterPerson]) -> views.SubjectView:
        """Register a person with an identity document; the level is 1."""
        return usecases.register_person(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RegisterOrganisation, reply=schemas.Subject, errors=REGISTER_ERRORS,
        callers=EVERYBODY, mutating=True, public=True,
        **POPULATION, zh="登记法人或其他组织及其统一社会信用代码，初始实名等级为 1。")
    def register_organisation(
        self, tx: SubjectsTx, call: Call[usecases.RegisterOrganisation],
    ) -> views.SubjectView:
        """Register an organisation with its unified social credit code; the level is 1."""
        return usecases.register_organisation(tx, call.data, call.context)

    @rpc_method(
        request=schemas.BySubject, reply=schemas.Subject, errors=[errors.SubjectNotFound],
        callers=EVERYBODY, bulk=True, public=True,
        **SEEN, load_class=VITAL, zh="查询主体，姓名、证件号码等已脱敏。")
    def get_subject(
        self, tx: SubjectsTx, calls: Sequence[Call[usecases.GetSubject]],
    ) -> Sequence[views.SubjectView | AppError]:
        """A subject with its personal fields masked."""
        return usecases.get_subjects(tx, calls)

    @rpc_method(
        request=schemas.ForCase, reply=schemas.CaseSubject,
        errors=[errors.SubjectNotFound, errors.SubjectNotActive], callers=["matter"], bulk=True,
        **FOR_CASE, zh="为在办事项调取主体的完整信息，调取留痕。")
    def get_subject_for_case(
        self, tx: SubjectsTx, calls: Sequence[Call[usecases.GetSubjectForCase]],
    ) -> Sequence[views.SubjectView | AppError]:
        """A subject with its personal fields as they are, for a case it has started."""
        replies = usecases.get_subjects_for_cases(tx, calls)
        for call, reply in zip(calls, replies, strict=True):
            if not isinstance(reply, AppError):
                log.info("identity.subject.disclosed", subject_id=call.data.subject_id, purpose=call.data.purpose,
                         caller=call.context.caller)
        return replies

    @rpc_method(
        request=schemas.FindSubject, reply=schemas.Subject, errors=[errors.SubjectNotFound, *DOCUMENT_ERRORS],
        callers=["matter", "operator"],
        **FOR_CASE, zh="按证件查找主体，返回脱敏信息；不向应用开放，以免泄露谁已注册。")
    def find_subject(self, tx: SubjectsTx, call: Call[usecases.FindSubject]) -> views.SubjectView:
        """A subject by its document, masked. Not for apps: it tells who is registered."""
        return usecases.find_subject(tx, call.data, call.context)

    @rpc_method(
        request=schemas.AddEvidence, reply=schemas.Subject, errors=EVIDENCE_ERRORS,
        callers=EVERYBODY, mutating=True, own_transactions=True, public=True,
        **POPULATION, zh="提请权威机构核验主体身份，通过后可提升实名等级。")
    def add_evidence(self, transactions: Transactions, call: Call[usecases.AddEvidence]) -> views.SubjectView:
        """Have an authority confirm a subject, which may raise its level."""
        authority: Authority = transactions.provider.authority
        return usecases.add_evidence(transactions, authority, call.data, call.context)

    @rpc_method(
        request=schemas.ListEvidence, reply=schemas.EvidencePage, errors=[errors.SubjectNotFound],
        callers=EVERYBODY, public=True,
        **POPULATION, load_class=EXPORTS, zh="查询主体的核验记录，最新的在前。")
    def list_evidence(
        self, tx: SubjectsTx, call: Call[usecases.ListEvidence],
    ) -> PageView[views.EvidenceView]:
        """Evidence on a subject, newest first."""
        return usecases.list_evidence(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListLevels, reply=schemas.Levels, errors=[errors.JurisdictionUnknown],
        callers=EVERYBODY, public=True,
        **LEVELS, zh="查询某地区的实名等级及各级所需的核验方式。")
    def list_levels(self, tx: SubjectsTx, call: Call[usecases.ListLevels]) -> views.LevelsView:
        """The assurance levels of a jurisdiction and the evidence that each needs."""
        return usecases.list_levels(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Subject, errors=STATE_ERRORS, callers=["operator"], mutating=True,
        **ADMINISTERED, load_class=VITAL, zh="冻结主体：冻结期间不能办事，其信息也不再提供给办件。")
    def freeze_subject(self, tx: SubjectsTx, call: Call[usecases.ChangeState]) -> views.SubjectView:
        """Freeze a subject for a time: it can do nothing, and its data goes to no case."""
        return usecases.change_state(tx, call.data, call.context, target=states.FROZEN)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Subject, errors=STATE_ERRORS, callers=["operator"], mutating=True,
        **ADMINISTERED, zh="解除冻结，主体恢复正常。")
    def unfreeze_subject(self, tx: SubjectsTx, call: Call[usecases.ChangeState]) -> views.SubjectView:
        """Make a frozen subject active again."""
        return usecases.change_state(tx, call.data, call.context, target=states.ACTIVE)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Subject, errors=STATE_ERRORS, callers=["operator"], mutating=True,
        **ADMINISTERED, zh="注销主体，不可恢复。")
    def close_subject(self, tx: SubjectsTx, call: Call[usecases.ChangeState]) -> views.SubjectView:
        """Close a subject; this is final."""
        return usecases.change_state(tx, call.data, call.context, target=states.CLOSED)

    @rpc_method(
        request=schemas.MergeSubjects, reply=schemas.Subject,
        errors=[errors.SubjectNotFound, errors.MergeNotPossible], callers=["operator"], mutating=True,
        **ADMINISTERED, zh="合并同一人的两个主体：被合并的编号继续可查，指向保留的主体。")
    def merge_subjects(self, tx: SubjectsTx, call: Call[usecases.MergeSubjects]) -> views.SubjectView:
        """Merge two subjects that are one person; the id of the merged one leads to the one that stays."""
        return usecases.merge_subjects(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListSubjectChanges, reply=schemas.SubjectChangePage, errors=[errors.SubjectNotFound],
        callers=["operator"],
        **ADMINISTERED, load_class=REPORTS, zh="查询主体的变更记录，最新的在前。")
    def list_subject_changes(
        self, tx: SubjectsTx, call: Call[usecases.ListSubjectChanges],
    ) -> PageView[views.SubjectChangeView]:
        """History of a subject, newest first."""
        return usecases.list_subject_changes(tx, call.data, call.context)
