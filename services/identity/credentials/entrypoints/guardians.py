"""Methods of guardians about the accounts of children under 14."""
from __future__ import annotations

from services.identity.credentials import schemas
from services.identity.credentials.domain import errors
from services.identity.credentials.domain.ports import GuardianAuthority
from services.identity.credentials.entrypoints.account import PERSONS, owner_in
from services.identity.credentials.usecases import guardian_consents
from services.identity.subjects.domain.errors import AuthorityUnavailable
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

GUARDIAN: RuleArguments = {
    "basis": ["holder"], "resource": "guardian-consent", "about": ["guardian"], "roles": [], "level": 2,
    "as_subject": True, "discloses": True, "composable": False,
}


class GuardianEntrypoints:
    """Methods about consents to the accounts of one's children."""

    @rpc_method(
        request=schemas.AgreeForChild, reply=schemas.GuardianConsent, callers=PERSONS, mutating=True,
        errors=[errors.ActingForAnother, errors.GuardianNotConfirmed, AuthorityUnavailable], own_transactions=True,
        public=True, **GUARDIAN, zh="监护人同意未满十四周岁的子女使用账号；监护关系由权威机构核实。")
    def agree_for_child(
        self, transactions: Transactions, call: Call[guardian_consents.AgreeForChild],
    ) -> guardian_consents.GuardianConsentView:
        """Agree, as the guardian whom an authority confirms, that a child under 14 uses an account."""
        authority: GuardianAuthority = transactions.provider.authority
        owner = owner_in(transactions, call.context)
        return guardian_consents.agree_for_child(transactions, authority, call.data, owner, call.context)

    @rpc_method(
        request=schemas.RevokeForChild, reply=schemas.GuardianConsent, callers=PERSONS, mutating=True,
        errors=[errors.ActingForAnother, errors.GuardianConsentNotFound], own_transactions=True, public=True,
        **GUARDIAN, zh="撤回同意；没有其他监护人同意时，该账号的登录全部退出。")
    def revoke_for_child(
        self, transactions: Transactions, call: Call[guardian_consents.RevokeForChild],
    ) -> guardian_consents.GuardianConsentView:
        """Take a consent back; the child's sessions end unless another guardian agrees."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return guardian_consents.revoke_for_child(tx, call.data, owner, call.context)

    @rpc_method(
        request=schemas.ForChildren, reply=schemas.GuardianConsents, callers=PERSONS, errors=[errors.ActingForAnother],
        own_transactions=True, public=True, **GUARDIAN, zh="查询本人为子女账号作出的同意，最新的在前。")
    def list_for_children(
        self, transactions: Transactions, call: Call[guardian_consents.ListForChildren],
    ) -> guardian_consents.GuardianConsentsView:
        """The acting person's consents to children's accounts, newest first."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return guardian_consents.list_for_children(tx, owner)
