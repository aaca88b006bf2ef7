"""Set or change a password; the hash is computed between two transactions."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.credential import PASSWORD, Credential
from services.identity.credentials.domain.errors import ConfirmationNeeded
from services.identity.credentials.domain.passwords import require_allowed
from services.identity.credentials.domain.ports import HasAccounts, Hasher
from services.identity.credentials.usecases.changes import ChangeTx, record_change
from services.identity.credentials.usecases.confirmations import Owner, require_confirmation
from services.identity.subjects.domain.ports import HasSubjects
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ChangePasswordTx(ChangeTx, HasAccounts, HasSubjects, Protocol):
    """The transactions of changing a password."""


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """confirmation: the token of a fresh proof."""

    confirmation: str = field(repr=False)
    new_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """recovered: all sessions have ended, and the account's level is limited until newer evidence."""

    recovered: bool


def change_password(
    transactions: Begins[ChangePasswordTx], hasher: Hasher, command: ChangePassword, owner: Owner, context: CallContext,
) -> Changed:
    """Raises ConfirmationNeeded, PasswordNotAllowed, HashingBusy."""
    with transactions.begin(owner.population) as tx:
        weak = require_confirmation(tx, owner, command.confirmation)
        own = _own(tx, owner)
    encoded = hasher.hash(require_allowed(command.new_password, own))
    with transactions.begin(owner.population) as tx:
        before, now = tx.credentials.lock(owner.subject_id), tx.clock.now()
        old = next((each for each in before if each.kind == PASSWORD), None)
        if old is None:
            tx.credentials.add([Credential(
                new_id("crd"), owner.population, owner.subject_id, PASSWORD, now, now, encoded)])
        else:
            tx.credentials.save(replace(old, secret=encoded, changed_at=now))
        what = "password-set" if old is None else "password-changed"
        return Changed(record_change(
            tx, owner, context, what.replace("-", "."), weak=weak, before=before, warning=what,
            ends_sessions=old is not None))


def _own(tx: ChangePasswordTx, owner: Owner) -> list[str]:
    """The values that belong to the account, and may not be in its password."""
    subject = tx.subjects.get(owner.population, owner.subject_id)
    if subject is None:
        raise ConfirmationNeeded
    found = [*tx.accounts.identifiers(owner.population, owner.subject_id), subject.id_number, subject.mobile,
             subject.email]
    return [each for each in found if each]
