"""Evidence that a person brings during a login: the authority confirms it, and the level rises."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from services.identity.login.domain.interaction import Interaction
from services.identity.subjects.domain.ports import Authority
from services.identity.subjects.usecases.evidence import AddEvidence, AddEvidenceTx, add_evidence
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SERVICE = "identity"
TOKEN_FIELDS = {"proof-of-presence": "presence_token", "certificate": "certificate_token"}
"""Kind of evidence → the name under which the authority wants its receipt."""
Confirm = Callable[[Interaction, str, str, "CallContext"], None]


def confirm_evidence(transactions: Begins[AddEvidenceTx], authority: Authority) -> Confirm:
    """Give what confirms evidence of a kind with a receipt. It raises EvidenceRefused, AuthorityUnavailable."""

    def confirm(interaction: Interaction, kind: str, receipt: str, context: CallContext) -> None:
        data = {TOKEN_FIELDS[kind]: receipt} if kind in TOKEN_FIELDS else {}
        command = AddEvidence(interaction.progress.subject_id or "", kind, data)
        with transactions.begin(interaction.tenant) as tx:
            subject = tx.subjects.get(interaction.tenant, command.subject_id)
        # The platform's own work for the person who signs in, where the person was registered: nobody else asks.
        own = context._replace(
            caller=SERVICE, via=None, department=None, rule=None,
            tenant=subject.tenant if subject is not None else interaction.tenant,
            op_id=f"{interaction.interaction_id}/{interaction.revision}")
        add_evidence(transactions, authority, command, own)

    return confirm
