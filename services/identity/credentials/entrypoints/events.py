"""Handlers of events about accounts, and what is forgotten by the clock."""
from __future__ import annotations

from services.identity.credentials.domain.ports import CodeSender
from services.identity.credentials.usecases import messages
from services.identity.credentials.usecases.contacts import learn_registered
from services.identity.credentials.usecases.purge import purge
from shared_components.bus import Transactions, every, on_event
from shared_components.kernel.calls import Event

PURGE_INTERVAL_S = 300.0


class CredentialEvents:
    """Learns contacts, sends codes and warnings."""

    @on_event("identity", "subject-registered", own_transactions=True)
    def learn_contacts(self, transactions: Transactions, event: Event) -> None:
        """Let a new subject be found by its mobile number and e-mail address."""
        learn_registered(transactions, event.tenant, event.data["subject_id"])

    @on_event("identity", "sign-in-code-requested", own_transactions=True)
    def deliver_code(self, transactions: Transactions, event: Event) -> None:
        """Send the code that was asked for, if somebody has the identifier."""
        sender: CodeSender = transactions.provider.code_sender
        messages.deliver_code(transactions, sender, event.tenant, event.data["challenge_id"])

    @on_event("identity", "sign-in-method-changed", own_transactions=True)
    def warn_contacts(self, transactions: Transactions, event: Event) -> None:
        """Tell the contacts of an account that it was changed."""
        sender: CodeSender = transactions.provider.code_sender
        messages.warn_contacts(
            transactions, sender, event.tenant, event.data["subject_id"], event.data["what"], at=event.occurred_at,
            key=event.id)

    @every(PURGE_INTERVAL_S)
    def purge_attempts(self, transactions: Transactions) -> None:
        """Delete attempts, codes and challenges that count for nothing any more."""
        purge(transactions)
