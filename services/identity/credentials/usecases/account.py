"""The owner's view of an account's sign-in methods: list, name, remove; choose a username."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.credential import ACTIVE, PASSKEY, RECOVERY_CODE, Credential
from services.identity.credentials.domain.errors import LastSignInMethod, SignInMethodNotFound
from services.identity.credentials.domain.identifiers import username
from services.identity.credentials.domain.ports import HasAccounts, HasCredentials
from services.identity.credentials.usecases.changes import ChangeTx, record_change
from services.identity.credentials.usecases.confirmations import Owner, require_confirmation
from services.identity.subjects.domain.ports import HasSubjects

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class AccountTx(ChangeTx, HasAccounts, HasSubjects, Protocol):
    """The transaction of managing an account."""


class ListMethodsTx(HasAccounts, HasCredentials, Protocol):
    """The transaction of listing sign-in methods."""


@dataclass(frozen=True, slots=True)
class ListSignInMethods:
    pass


@dataclass(frozen=True, slots=True)
class NameSignInMethod:
    credential_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RemoveSignInMethod:
    confirmation: str = field(repr=False)
    credential_id: str


@dataclass(frozen=True, slots=True)
class SetUsername:
    confirmation: str = field(repr=False)
    username: str


@dataclass(frozen=True, slots=True)
class SignInMethodView:
    credential_id: str
    kind: str
    name: str | None
    created_at: datetime
    changed_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInMethodsView:
    """recovery_codes: how many are left."""

    username: str | None
    items: Sequence[SignInMethodView]
    recovery_codes: int


def list_sign_in_methods(tx: ListMethodsTx, owner: Owner) -> SignInMethodsView:
    active = [each for each in tx.credentials.of(owner.subject_id) if each.state == ACTIVE]
    names = tx.accounts.identifiers(owner.population, owner.subject_id)
    return SignInMethodsView(
        names[0] if names else None, [view(each) for each in active if each.kind != RECOVERY_CODE],
        sum(each.kind == RECOVERY_CODE and each.counter == 0 for each in active))


def name_sign_in_method(tx: AccountTx, command: NameSignInMethod, owner: Owner) -> SignInMethodView:
    """Raises SignInMethodNotFound."""
    found = _owned(tx.credentials.lock(owner.subject_id), command.credential_id)
    if found.kind != PASSKEY:
        raise SignInMethodNotFound
    named = replace(found, name=command.name, changed_at=tx.clock.now())
    tx.credentials.save(named)
    return view(named)


def remove_sign_in_method(
    tx: AccountTx, command: RemoveSignInMethod, owner: Owner, context: CallContext,
) -> SignInMethodsView:
    """Raises ConfirmationNeeded, SignInMethodNotFound, LastSignInMethod."""
    weak = require_confirmation(tx, owner, command.confirmation)
    before = tx.credentials.lock(owner.subject_id)
    found = _owned(before, command.credential_id)
    subject = tx.subjects.get(owner.population, owner.subject_id)
    by_contact = subject is not None and subject.email is not None
    if not by_contact and not any(
        each.state == ACTIVE and each.kind in ("password", PASSKEY) and each != found for each in before
    ):
        raise LastSignInMethod
    tx.credentials.remove([found.credential_id])
    record_change(
        tx, owner, context, "sign-in-method.removed", weak=weak, before=before, warning="method-removed",
        ends_sessions=True, kind=found.kind, credential_id=found.credential_id)
    return list_sign_in_methods(tx, owner)


def set_username(tx: AccountTx, command: SetUsername, owner: Owner, context: CallContext) -> SignInMethodsView:
    """Raises ConfirmationNeeded, UsernameNotAllowed, UsernameTaken."""
    weak = require_confirmation(tx, owner, command.confirmation)
    name = username(command.username)
    before = tx.credentials.lock(owner.subject_id)
    tx.accounts.set_username(owner.population, owner.subject_id, name)
    record_change(tx, owner, context, "username.changed", weak=weak, before=before, warning="username-changed")
    return list_sign_in_methods(tx, owner)


def view(item: Credential) -> SignInMethodView:
    return SignInMethodView(
        item.credential_id, item.kind, item.name, item.created_at, item.changed_at, item.used_at)


def _owned(credentials: Sequence[Credential], credential_id: str) -> Credential:
    found = next((each for each in credentials if each.credential_id == credential_id
                  and each.state == ACTIVE and each.kind != RECOVERY_CODE), None)
    if found is None:
        raise SignInMethodNotFound
    return found
