"""Sign in by password: take an attempt, compare outside of any transaction, then count the outcome."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.credential import Credential
from services.identity.credentials.domain.errors import HashingBusy, SignInRefused
from services.identity.credentials.domain.passwords import LONGEST, normal_form
from services.identity.credentials.domain.ports import HasCredentials, Hasher
from services.identity.credentials.domain.proof import PASSWORD, Proof
from services.identity.credentials.usecases.admission import AdmissionTx, refusal_of
from services.identity.credentials.usecases.events import record_proved, record_refused
from services.identity.credentials.usecases.guessing import Attempt, GuessTx, give_back, take_attempt, welcome_device
from shared_components.kernel.errors import AppError
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ProveTx(AdmissionTx, EvidenceTx, GuessTx, HasCredentials, Protocol):
    """The transactions of a sign-in by an identifier and a secret."""


@dataclass(frozen=True, slots=True)
class ProvePassword:
    """See Guess for realm_id, device and address."""

    realm_id: str
    identifier: str = field(repr=False)
    password: str = field(repr=False)
    device: str | None = field(repr=False)
    address: str = field(repr=False)


def prove_password(
    transactions: Begins[ProveTx], hasher: Hasher, command: ProvePassword, context: CallContext,
) -> Proof:
    """Raises SignInRefused, TooManyAttempts, HashingBusy, GuardianConsentNeeded.

    The same work is done for an unknown identifier, and the same rows are written.
    """
    with transactions.begin(command.realm_id) as tx:
        attempt = take_attempt(tx, command)
        stored = tx.credentials.password(attempt.subject_id)
    password = normal_form(command.password)[: LONGEST + 1]
    try:
        right = hasher.verify(password, stored.secret if stored else None)
        renewed = _renewed(hasher, stored, password) if right else None
    except HashingBusy:
        with transactions.begin(command.realm_id) as tx:
            give_back(tx, attempt)
        raise
    with transactions.begin(command.realm_id) as tx:
        outcome = _count(tx, attempt, stored if right else None, renewed, context)
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


def _renewed(hasher: Hasher, stored: Credential | None, password: str) -> str | None:
    """A hash with today's parameters, where the stored one has weaker ones."""
    if stored is None or stored.secret is None or not hasher.is_outdated(stored.secret):
        return None
    return hasher.hash(password)


def _count(
    tx: ProveTx, attempt: Attempt, shown: Credential | None, renewed: str | None, context: CallContext,
) -> Proof | AppError:
    population, now = attempt.population, tx.clock.now()
    if shown is None or tx.credentials.password(shown.subject_id) != shown:
        # The second: it was changed while we compared.
        record_refused(tx, context, population, attempt.subject_id, PASSWORD, known_device=attempt.known_device)
        return SignInRefused()
    refusal = refusal_of(tx, population, shown.subject_id)
    if refusal is not None:
        record_refused(tx, context, population, shown.subject_id, PASSWORD, reason=refusal.code)
        return refusal
    give_back(tx, attempt)
    welcome_device(tx, attempt, shown.subject_id)
    tx.credentials.touch(shown.credential_id, now)
    if renewed is not None:
        tx.credentials.save(replace(shown, secret=renewed))
    record_proved(tx, context, population, shown.subject_id, PASSWORD, known_device=attempt.known_device)
    return Proof(shown.subject_id, PASSWORD, now, shown.credential_id)
