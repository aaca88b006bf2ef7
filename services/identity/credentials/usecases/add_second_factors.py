"""Add an authenticator app, which counts once its first code was shown; make recovery codes."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from services.identity.credentials.domain import totp
from services.identity.credentials.domain.credential import ACTIVE, PENDING, RECOVERY_CODE, TOTP, Credential
from services.identity.credentials.domain.errors import CodeRefused, SignInMethodNotFound
from services.identity.credentials.domain.recovery_codes import canonical, new_code
from services.identity.credentials.usecases.changes import ChangeTx, record_change
from services.identity.credentials.usecases.confirmations import Owner, require_confirmation
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class Confirmed:
    """confirmation: the token of a fresh proof."""

    confirmation: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FinishTotp:
    confirmation: str = field(repr=False)
    credential_id: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewTotp:
    """secret: for typing; uri: for a QR code. Shown once."""

    credential_id: str
    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddedTotp:
    """recovered: see Changed."""

    recovered: bool


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Shown once."""

    codes: Sequence[str] = field(repr=False)


def begin_totp(tx: ChangeTx, command: Confirmed, owner: Owner) -> NewTotp:
    """Make a secret that counts for nothing yet. Raises ConfirmationNeeded."""
    require_confirmation(tx, owner, command.confirmation)
    before, now, secret = tx.credentials.lock(owner.subject_id), tx.clock.now(), totp.new_secret()
    tx.credentials.remove([each.credential_id for each in before if (each.kind, each.state) == (TOTP, PENDING)])
    made = Credential(
        new_id("crd"), owner.population, owner.subject_id, TOTP, now, now, secret, state=PENDING)
    tx.credentials.add([made])
    return _shown(tx, made, secret)


def pending_totp(tx: ChangeTx, credential_id: str, owner: Owner) -> NewTotp:
    """The secret that waits for its first code, for the page on which a wrong code was typed.

    Raises SignInMethodNotFound.
    """
    for each in tx.credentials.of(owner.subject_id):
        if (each.credential_id, each.kind, each.state) == (credential_id, TOTP, PENDING) and each.secret is not None:
            return _shown(tx, each, each.secret)
    raise SignInMethodNotFound


def finish_totp(tx: ChangeTx, command: FinishTotp, owner: Owner, context: CallContext) -> AddedTotp:
    """Let the new secret count, in place of an earlier one.

    Raises ConfirmationNeeded, SignInMethodNotFound, CodeRefused.
    """
    weak = require_confirmation(tx, owner, command.confirmation)
    before, now = tx.credentials.lock(owner.subject_id), tx.clock.now()
    made = next((each for each in before if (each.credential_id, each.kind) == (command.credential_id, TOTP)), None)
    if made is None or made.secret is None:
        raise SignInMethodNotFound
    step = totp.step_of(made.secret, command.code, now)
    if made.state == ACTIVE and made.counter == step:
        return AddedTotp(recovered=False)  # the same call again
    if step is None or made.state == ACTIVE:
        raise CodeRefused
    tx.credentials.remove([each.credential_id for each in before if (each.kind, each.state) == (TOTP, ACTIVE)])
    tx.credentials.save(replace(made, state=ACTIVE, counter=step, changed_at=now))
    return AddedTotp(record_change(
        tx, owner, context, "totp.added", weak=weak, before=before, warning="totp-added"))


def _shown(tx: ChangeTx, made: Credential, secret: str) -> NewTotp:
    issuer = tx.credential_policy.issuer
    return NewTotp(made.credential_id, secret, totp.uri(secret, account=made.subject_id[-6:], issuer=issuer))


def make_recovery_codes(tx: ChangeTx, command: Confirmed, owner: Owner, context: CallContext) -> RecoveryCodes:
    """Make new codes; earlier ones no longer count. Raises ConfirmationNeeded."""
    weak = require_confirmation(tx, owner, command.confirmation)
    before, now = tx.credentials.lock(owner.subject_id), tx.clock.now()
    tx.credentials.remove([each.credential_id for each in before if each.kind == RECOVERY_CODE])
    codes = [new_code() for _ in range(tx.credential_policy.recovery_codes)]
    tx.credentials.add([Credential(
        new_id("crd"), owner.population, owner.subject_id, RECOVERY_CODE, now, now, lookup=tx.credentials.lookup(
            owner.population, RECOVERY_CODE, f"{owner.subject_id}/{canonical(code)}")) for code in codes])
    record_change(tx, owner, context, "recovery-codes.made", weak=weak, before=before, warning="recovery-codes-made")
    return RecoveryCodes(codes)
