"""Sign in by a passkey; add one to an account."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from services.identity.credentials.domain.credential import (
    PASSKEY,
    PASSKEY_NEW,
    PASSKEY_SHOWN,
    Challenge,
    Credential,
)
from services.identity.credentials.domain.errors import PasskeyRefused, PasskeysNotConfigured, TooManySignInMethods
from services.identity.credentials.domain.ports import (
    HasChallenges,
    HasCredentialPolicy,
    HasCredentials,
    Passkeys,
    ShownPasskey,
)
from services.identity.credentials.domain.proof import HARDWARE_KEY, SOFTWARE_KEY, Proof
from services.identity.credentials.usecases.admission import AdmissionTx, refusal_of
from services.identity.credentials.usecases.changes import ChangeTx, record_change
from services.identity.credentials.usecases.confirmations import Owner, require_confirmation
from services.identity.credentials.usecases.events import record_proved, record_refused
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import mask_name
from shared_components.kernel.transactions import Begins, HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class BeginTx(HasChallenges, HasClock, HasCredentialPolicy, Protocol):
    """The transaction of asking for a passkey."""


class ProvePasskeyTx(AdmissionTx, BeginTx, EvidenceTx, HasCredentials, Protocol):
    """The transaction of showing a passkey."""


@dataclass(frozen=True, slots=True)
class PasskeyOptions:
    """options: for the browser's function. challenge_id: shown with its response."""

    challenge_id: str
    options: Mapping[str, Any]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ProvePasskey:
    """binding: as at begin_passkey. response: the JSON of the browser."""

    realm_id: str
    challenge_id: str
    binding: str = field(repr=False)
    response: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FinishPasskey:
    """name: by which the person knows it again."""

    challenge_id: str
    name: str
    response: Mapping[str, Any] = field(repr=False)


def begin_passkey(tx: BeginTx, passkeys: Passkeys | None, realm_id: str, binding: str) -> PasskeyOptions:
    """Ask for any passkey: no account is named, so that nothing is told of one. Raises PasskeysNotConfigured."""
    options, state = _configured(passkeys).begin_sign_in()
    return _ask(tx, realm_id, PASSKEY_SHOWN, None, binding, options, state)


def prove_passkey(
    transactions: Begins[ProvePasskeyTx], passkeys: Passkeys | None, command: ProvePasskey, context: CallContext,
) -> Proof:
    """Raises PasskeysNotConfigured, PasskeyRefused, SignInRefused, GuardianConsentNeeded."""
    checker = _configured(passkeys)
    passkey_id = checker.passkey_id_of(command.response)
    with transactions.begin(command.realm_id) as tx:
        found = tx.credentials.by_lookup(command.realm_id, PASSKEY, passkey_id)
        outcome = _judge(tx, checker, command, found, context)
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


def _judge(
    tx: ProvePasskeyTx, checker: Passkeys, command: ProvePasskey, found: Credential | None, context: CallContext,
) -> Proof | AppError:
    now, population = tx.clock.now(), command.realm_id
    challenge = tx.challenges.try_once(command.challenge_id, binding=command.binding, most=1, at=now)
    if challenge is None or challenge.purpose != PASSKEY_SHOWN or found is None or found.secret is None:
        record_refused(tx, context, population, None, "passkey")
        return PasskeyRefused()
    try:
        shown = checker.finish_sign_in(challenge.secret, found.secret, command.response)
    except PasskeyRefused as refused:
        record_refused(tx, context, population, found.subject_id, "passkey")
        return refused
    if not _counts(tx, found, shown, now):
        # Two devices count on from the same state: one of them is a copy.
        record_refused(tx, context, population, found.subject_id, "passkey", reason="counter-went-back",
                       credential_id=found.credential_id)
        return PasskeyRefused()
    refusal = refusal_of(tx, population, found.subject_id)
    if refusal is not None:
        record_refused(tx, context, population, found.subject_id, "passkey", reason=refusal.code)
        return refusal
    method = SOFTWARE_KEY if shown.synced else HARDWARE_KEY
    record_proved(tx, context, population, found.subject_id, method, credential_id=found.credential_id)
    return Proof(found.subject_id, method, now, found.credential_id)


def _counts(tx: HasCredentials, found: Credential, shown: ShownPasskey, now: datetime) -> bool:
    """A counter rises with each use, or is always 0 where the device has none."""
    if shown.counter == 0 and found.counter == 0:
        tx.credentials.touch(found.credential_id, now)
        return True
    return tx.credentials.advance(found, shown.counter, now)


def begin_adding_passkey(
    tx: ChangeTx, passkeys: Passkeys | None, confirmation: str, owner: Owner,
) -> PasskeyOptions:
    """Devices know the account by a keyed hash, and show its masked name.

    Raises PasskeysNotConfigured, ConfirmationNeeded, TooManySignInMethods.
    """
    checker, weak = _configured(passkeys), require_confirmation(tx, owner, confirmation)
    there = [each for each in tx.credentials.of(owner.subject_id) if each.kind == PASSKEY]
    most = tx.credential_policy.most_passkeys
    if len(there) >= most:
        raise TooManySignInMethods(Bilingual(
            f"the account has {len(there)} passkeys; at most {most} are allowed",
            f"该账号已有 {len(there)} 个通行密钥；最多允许 {most} 个"))
    handle, name = _as_devices_know(tx, owner)
    publics = [each.secret for each in there if each.secret]
    options, state = checker.begin_registration(handle=handle, name=name, known=publics)
    return _ask(tx, owner.population, PASSKEY_NEW, owner.subject_id, owner.session_id, options, state,
                method="weak" if weak else "strong")


def _as_devices_know(tx: ChangeTx, owner: Owner) -> tuple[bytes, str]:
    subject = tx.subjects.get(owner.population, owner.subject_id)
    if subject is None:
        raise PasskeyRefused
    return tx.credentials.lookup(owner.population, "passkey-user", owner.subject_id).encode(), mask_name(subject.name)


def finish_adding_passkey(
    tx: ChangeTx, passkeys: Passkeys | None, command: FinishPasskey, owner: Owner, context: CallContext,
) -> Credential:
    """Raises PasskeysNotConfigured, PasskeyRefused."""
    checker, now = _configured(passkeys), tx.clock.now()
    challenge = tx.challenges.try_once(command.challenge_id, binding=owner.session_id, most=1, at=now)
    if challenge is None or challenge.purpose != PASSKEY_NEW or challenge.subject_id != owner.subject_id:
        raise PasskeyRefused
    made = checker.finish_registration(challenge.secret, command.response)
    before = tx.credentials.lock(owner.subject_id)
    if tx.credentials.by_lookup(owner.population, PASSKEY, made.passkey_id) is not None:
        raise PasskeyRefused
    credential = Credential(
        new_id("crd"), owner.population, owner.subject_id, PASSKEY, now, now, made.public,
        tx.credentials.lookup(owner.population, PASSKEY, made.passkey_id), command.name, counter=made.counter)
    tx.credentials.add([credential])
    record_change(
        tx, owner, context, "passkey.added", weak=challenge.method == "weak", before=before, warning="passkey-added",
        credential_id=credential.credential_id, synced=made.synced)
    return credential


def _configured(passkeys: Passkeys | None) -> Passkeys:
    if passkeys is None:
        raise PasskeysNotConfigured
    return passkeys


def _ask(
    tx: BeginTx, population: str, purpose: str, subject_id: str | None, binding: str, options: Mapping[str, Any],
    state: str, method: str | None = None,
) -> PasskeyOptions:
    now = tx.clock.now()
    challenge = Challenge(
        new_id("chl"), population, purpose, subject_id, state, now, now + tx.credential_policy.passkey_lifetime,
        method=method)
    tx.challenges.add(challenge, binding=binding)
    return PasskeyOptions(challenge.challenge_id, options, challenge.expires_at)
