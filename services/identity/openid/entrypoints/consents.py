"""Methods about a person's consents to apps."""
from __future__ import annotations

from services.identity.openid import schemas
from services.identity.openid.domain.errors import ConsentNotFound
from services.identity.openid.usecases import manage_consents
from services.identity.openid.usecases.manage_consents import ConsentView, ListConsents, RevokeConsent, RevokedView
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

OWN_CONSENTS: RuleArguments = {
    "basis": ["holder"], "resource": "consent", "about": ["subject"], "roles": [], "level": 0, "as_subject": True,
    "discloses": True, "composable": False,
}


class ConsentEntrypoints:
    """The citizen sees what apps were allowed, and takes it back."""

    @rpc_method(
        request=schemas.ListConsents, reply=schemas.ConsentPage, callers=["gateway", "app"], public=True,
        **OWN_CONSENTS, load_class=LISTS, zh="列出本人对各应用的授权。")
    def list_consents(
        self, tx: manage_consents.ListConsentsTx, call: Call[ListConsents],
    ) -> PageView[ConsentView]:
        """List what the person of the session lets apps see and do."""
        return manage_consents.list_consents(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RevokeConsent, reply=schemas.RevokedConsents, errors=[ConsentNotFound],
        callers=["gateway", "app"], mutating=True, public=True, **OWN_CONSENTS,
        zh="撤回本人对某应用的授权，其令牌随即失效。")
    def revoke_consent(self, tx: manage_consents.RevokeConsentTx, call: Call[RevokeConsent]) -> RevokedView:
        """Revoke consents to an app; its tokens of the person count no more."""
        return manage_consents.revoke_consent(tx, call.data, call.context)
