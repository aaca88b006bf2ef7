"""Second factors: codes of an authenticator app, and recovery codes for whoever has lost it. Each counts once."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain import totp
from services.identity.credentials.domain.credential import ACTIVE, RECOVERY_CODE, TOTP, Credential
from services.identity.credentials.domain.errors import CodeRefused, TooManyAttempts
from services.identity.credentials.domain.ports import HasAttempts, HasCredentialPolicy, HasCredentials
from services.identity.credentials.domain.proof import CODE, Proof
from services.identity.credentials.domain.recovery_codes import canonical
from services.identity.credentials.usecases.events import emit_method_changed, record_proved, record_refused
from shared_components.kernel.errors import AppError
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import Begins, HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SecondFactorTx(EvidenceTx, HasAttempts, HasClock, HasCredentialPolicy, HasCredentials, HasEvents, Protocol):
    """The transaction of showing a second factor."""


@dataclass(frozen=True, slots=True)
class ProveSecond:
    """subject_id: the person whom a first factor has shown, or whose session it is."""

    realm_id: str
    subject_id: str
    code: str = field(repr=False)


def ways_of(tx: HasCredentials, subject_id: str) -> frozenset[str]:
    """The kinds of sign-in methods that an account has."""
    return frozenset(each.kind for each in tx.credentials.of(subject_id) if each.state == ACTIVE)


def prove_totp(transactions: Begins[SecondFactorTx], command: ProveSecond, context: CallContext) -> Proof:
    """Raises CodeRefused, TooManyAttempts."""
    return _prove(transactions, command, context, _totp)


def prove_recovery_code(transactions: Begins[SecondFactorTx], command: ProveSecond, context: CallContext) -> Proof:
    """Raises CodeRefused, TooManyAttempts."""
    return _prove(transactions, command, context, _recovery_code)


def _prove(
    transactions: Begins[SecondFactorTx], command: ProveSecond, context: CallContext,
    use: Callable[[SecondFactorTx, ProveSecond, datetime], Credential | None],
) -> Proof:
    with transactions.begin(command.realm_id) as tx:
        take_second(tx, command.realm_id, command.subject_id)
        outcome = _count(tx, command, context, use(tx, command, tx.clock.now()))
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


def take_second(tx: SecondFactorTx, population: str, subject_id: str) -> None:
    """Take an attempt of a second factor of this account. Raises TooManyAttempts."""
    limit, now = tx.credential_policy.limits.second, tx.clock.now()
    if not tx.attempts.take(population, limit, subject_id, now):
        raise TooManyAttempts(details={"retry_after_s": tx.attempts.wait_s(population, limit, subject_id, now)})


def _count(
    tx: SecondFactorTx, command: ProveSecond, context: CallContext, used: Credential | None,
) -> Proof | AppError:
    population, subject_id = command.realm_id, command.subject_id
    if used is None:
        record_refused(tx, context, population, subject_id, CODE, factor="second")
        return CodeRefused()
    tx.attempts.give_back(population, tx.credential_policy.limits.second, subject_id)
    recovers = used.kind == RECOVERY_CODE
    record_proved(tx, context, population, subject_id, CODE, factor=used.kind)
    if recovers:
        emit_method_changed(tx, population, subject_id, "recovery-code-used")
    return Proof(subject_id, CODE, tx.clock.now(), used.credential_id, recovers)


def _totp(tx: SecondFactorTx, command: ProveSecond, now: datetime) -> Credential | None:
    for each in tx.credentials.of(command.subject_id):
        if each.kind != TOTP or each.state != ACTIVE or each.secret is None:
            continue
        step = totp.step_of(each.secret, command.code, now)
        # The step only ever rises: a code that somebody looked over a shoulder is used up.
        if step is not None and tx.credentials.advance(each, step, now):
            return each
    return None


def _recovery_code(tx: SecondFactorTx, command: ProveSecond, now: datetime) -> Credential | None:
    code = f"{command.subject_id}/{canonical(command.code)}"
    found = tx.credentials.by_lookup(command.realm_id, RECOVERY_CODE, code)
    return found if found is not None and tx.credentials.advance(found, 1, now) else None
