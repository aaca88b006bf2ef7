"""Evidence and events of credentials. None of them holds a secret, an identifier or an address."""
from __future__ import annotations

from typing import TYPE_CHECKING

from shared_components.kernel.evidence import EvidenceTx, Fact
from shared_components.kernel.transactions import HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CODE_REQUESTED, ACCOUNT_WARNED = "sign-in-code-requested", "sign-in-method-changed"
NOBODY = "nobody"


def record_proved(
    tx: EvidenceTx, context: CallContext, population: str, subject_id: str, method: str, **details: Fact,
) -> None:
    tx.record_evidence(context, owner=population, action="sign-in.proved", about=subject_id, details={
        "method": method, **details})


def record_refused(
    tx: EvidenceTx, context: CallContext, population: str, subject_id: str | None, method: str, **details: Fact,
) -> None:
    """For nobody, too: what is written does not tell whether the account exists."""
    tx.record_evidence(context, owner=population, action="sign-in.refused", about=subject_id or NOBODY, details={
        "method": method, **details})


def record_changed(
    tx: EvidenceTx, context: CallContext, population: str, subject_id: str, action: str, **details: Fact,
) -> None:
    """action: `noun.past-verb`, such as `password.changed`."""
    tx.record_evidence(context, owner=population, action=action, about=subject_id, details=details)


def emit_code_requested(tx: HasEvents, population: str, challenge_id: str) -> None:
    tx.events.record(
        CODE_REQUESTED, aggregate=challenge_id, tenant=population, data={"challenge_id": challenge_id})


def emit_method_changed(tx: HasEvents, population: str, subject_id: str, what: str) -> None:
    """what: a key of the texts that the person's contacts get."""
    tx.events.record(
        ACCOUNT_WARNED, aggregate=subject_id, tenant=population, data={"subject_id": subject_id, "what": what})
