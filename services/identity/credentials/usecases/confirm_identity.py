"""Confirm in a session that it is still the person: by password, authenticator app, recovery code or a sent code."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.errors import HashingBusy, SignInRefused
from services.identity.credentials.domain.passwords import LONGEST, normal_form
from services.identity.credentials.domain.ports import Hasher
from services.identity.credentials.domain.proof import PASSWORD, Proof
from services.identity.credentials.usecases.codes import ProveCode, ProveCodeTx, SendCodeTx, prove_code
from services.identity.credentials.usecases.confirmations import Confirmation, Owner, confirm
from services.identity.credentials.usecases.events import record_proved, record_refused
from services.identity.credentials.usecases.second_factors import (
    ProveSecond,
    SecondFactorTx,
    prove_recovery_code,
    prove_totp,
    take_second,
)
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

BY_PASSWORD, BY_TOTP, BY_RECOVERY_CODE, BY_SENT_CODE = "password", "totp", "recovery-code", "code"
METHODS = (BY_PASSWORD, BY_TOTP, BY_RECOVERY_CODE, BY_SENT_CODE)


class ConfirmIdentityTx(ProveCodeTx, SecondFactorTx, SendCodeTx, Protocol):
    """The transactions of confirming."""


@dataclass(frozen=True, slots=True)
class ConfirmIdentity:
    """secret: the password or code. challenge_id: of the code that was sent."""

    method: str
    secret: str = field(repr=False)
    challenge_id: str | None = None


@dataclass(frozen=True, slots=True)
class SendConfirmationCode:
    pass


def confirm_identity(
    transactions: Begins[ConfirmIdentityTx], hasher: Hasher, command: ConfirmIdentity, owner: Owner,
    context: CallContext,
) -> Confirmation:
    """Raises SignInRefused, CodeRefused, TooManyAttempts, HashingBusy, GuardianConsentNeeded."""
    proof = _proof(transactions, hasher, command, owner, context)
    with transactions.begin(owner.population) as tx:
        return confirm(tx, owner, proof)


def _proof(
    transactions: Begins[ConfirmIdentityTx], hasher: Hasher, command: ConfirmIdentity, owner: Owner,
    context: CallContext,
) -> Proof:
    if command.method == BY_SENT_CODE:
        sent = ProveCode(
            owner.population, command.challenge_id or "", command.secret, owner.session_id, None,
            f"session/{owner.session_id}")
        return prove_code(transactions, sent, context)
    second = ProveSecond(owner.population, owner.subject_id, command.secret)
    if command.method == BY_TOTP:
        return prove_totp(transactions, second, context)
    if command.method == BY_RECOVERY_CODE:
        return prove_recovery_code(transactions, second, context)
    return _by_password(transactions, hasher, second, context)


def _by_password(
    transactions: Begins[ConfirmIdentityTx], hasher: Hasher, command: ProveSecond, context: CallContext,
) -> Proof:
    """Compare outside of any transaction; an attempt is taken before, and given back after the right password."""
    population, subject_id = command.realm_id, command.subject_id
    with transactions.begin(population) as tx:
        take_second(tx, population, subject_id)
        stored = tx.credentials.password(subject_id)
    password = normal_form(command.code)[: LONGEST + 1]
    try:
        right = hasher.verify(password, stored.secret if stored else None)
    except HashingBusy:
        with transactions.begin(population) as tx:
            tx.attempts.give_back(population, tx.credential_policy.limits.second, subject_id)
        raise
    with transactions.begin(population) as tx:
        right = right and tx.credentials.password(subject_id) == stored
        if right:
            tx.attempts.give_back(population, tx.credential_policy.limits.second, subject_id)
            record_proved(tx, context, population, subject_id, PASSWORD, purpose="confirmation")
        else:
            record_refused(tx, context, population, subject_id, PASSWORD, purpose="confirmation")
        now = tx.clock.now()
    if not right or stored is None:
        raise SignInRefused
    return Proof(subject_id, PASSWORD, now, stored.credential_id)
