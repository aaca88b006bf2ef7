"""Store a mandate's change with its history, its evidence and its event, and tell whom it concerns."""
from __future__ import annotations

from services.identity.mandates.domain import states
from services.identity.mandates.domain.mandate import Change, Mandate
from services.identity.mandates.domain.ports import ChangesMandates
from shared_components.kernel.calls import CallContext

SERVICE = "identity"
APPOINTED, REPRESENTATION_CONFIRMED, REPRESENTATION_RENEWED = (
    "mandate-appointed", "representation-confirmed", "representation-renewed")
ACCEPTED, REFUSED, EXPIRED, SUSPENDED, RESUMED = (
    "mandate-accepted", "mandate-refused", "mandate-expired", "mandate-suspended", "mandate-resumed")
REVOKED_BY_PRINCIPAL, REVOKED_BY_AGENT, REPLACED = "revoked-by-principal", "revoked-by-agent", "replaced"
ENDED_WITH_SUBJECT, MOVED = "ended-with-subject", "mandate-moved"


def record_new(
    tx: ChangesMandates, mandate: Mandate, what: str, context: CallContext, *, receipt: str | None = None,
) -> None:
    """Store a new mandate. receipt: the register's own number of its answer."""
    tx.mandates.add(mandate)
    terms = mandate.terms
    _record(tx, mandate, what, context, {
        "kind": mandate.kind, "scopes": " ".join(sorted(terms.scopes)), "matters": " ".join(sorted(terms.matters)),
        "limit_minor": terms.limit_minor, "valid_from": terms.valid_from.isoformat(),
        "valid_until": terms.valid_until.isoformat() if terms.valid_until else None, "receipt": receipt})


def record_change(
    tx: ChangesMandates, before: Mandate, after: Mandate, what: str, context: CallContext | None,
) -> Mandate:
    """Store a changed mandate. One that is not active any more gives nobody a token."""
    was_active = before.state == states.ACTIVE
    tx.mandates.save(after, was_active=was_active)
    _record(tx, after, what, context, {"state_before": before.state, "successor_id": after.successor_id})
    if was_active and after.state != states.ACTIVE:
        tx.session_endings.mandate_ended(after.mandate_id)
    return after


def _record(
    tx: ChangesMandates, mandate: Mandate, what: str, context: CallContext | None, facts: dict[str, str | int | None],
) -> None:
    now, said = tx.clock.now(), {name: value for name, value in facts.items() if value not in (None, "")}
    tx.mandates.remember(Change(
        mandate.mandate_id, mandate.revision, mandate.population, what, actor_of(context), now, said))
    tx.record_evidence(
        context, owner=mandate.population, action=what, about=mandate.mandate_id, basis="holder",
        details={**said, "principal": mandate.principal_id, "agent": mandate.agent_id})
    tx.events.record(
        states.MANDATE_CHANGED, aggregate=mandate.mandate_id, tenant=mandate.population, sequence=mandate.revision,
        data={
            "mandate_id": mandate.mandate_id, "kind": mandate.kind, "principal_id": mandate.principal_id,
            "agent_id": mandate.agent_id, "state": mandate.state, "what": what, "changed_at": now})


def actor_of(context: CallContext | None) -> str:
    """Give who made a change: the acting person, else the caller, else the service by its clock."""
    if context is None:
        return SERVICE
    return context.caller if context.acting is None else context.acting.subject
