"""Fresh proofs: a change of sign-in methods needs one that was made in the same session, minutes ago at most."""
from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.credential import CONFIRMATION, Challenge
from services.identity.credentials.domain.errors import ActingForAnother, ConfirmationNeeded
from services.identity.credentials.domain.ports import HasChallenges, HasCredentialPolicy, HasKeyedHashes
from services.identity.credentials.domain.proof import Proof
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

STRONG, WEAK = "strong", "weak"
MOST_CHANGES = 20
"""Changes that one confirmation allows, while it lasts."""


class ConfirmationTx(HasChallenges, HasClock, HasCredentialPolicy, HasKeyedHashes, Protocol):
    """The transaction of making and asking for confirmations."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The person who manages their own account. population: the tenant of the realm's population."""

    population: str
    subject_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """token: shown with the changes that follow."""

    token: str = field(repr=False)
    expires_at: datetime


def owner_of(context: CallContext, population: str) -> Owner:
    """The acting person. Raises ActingForAnother for a session under a mandate."""
    acting = context.acting
    if acting is None or acting.kind != CITIZEN or acting.principal is not None:
        raise ActingForAnother
    return Owner(population, acting.subject, acting.session)


def confirm(tx: ConfirmationTx, owner: Owner, proof: Proof) -> Confirmation:
    """Turn a proof of this moment into a token for changes in this session. Raises ConfirmationNeeded for another's."""
    now = tx.clock.now()
    if proof.subject_id != owner.subject_id or now - proof.at > tx.credential_policy.confirmation:
        raise ConfirmationNeeded
    challenge_id, secret = new_id("cfm"), secrets.token_urlsafe(24)
    hashed, expires_at = tx.keyed_hashes.of(challenge_id, secret), proof.at + tx.credential_policy.confirmation
    made = Challenge(
        challenge_id, owner.population, CONFIRMATION, owner.subject_id, hashed, now, expires_at,
        method=WEAK if proof.is_weak else STRONG)
    tx.challenges.add(made, binding=owner.session_id)
    return Confirmation(f"{challenge_id}.{secret}", expires_at)


def require_confirmation(tx: ConfirmationTx, owner: Owner, token: str) -> bool:
    """Tell whether the confirmation is weak. Raises ConfirmationNeeded."""
    challenge_id, _, secret = token.partition(".")
    found = tx.challenges.try_once(challenge_id, binding=owner.session_id, most=MOST_CHANGES, at=tx.clock.now())
    if found is None or found.purpose != CONFIRMATION or found.subject_id != owner.subject_id or not (
        tx.keyed_hashes.matches(challenge_id, found.secret, secret)
    ):
        raise ConfirmationNeeded
    return found.method == WEAK
