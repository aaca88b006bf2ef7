"""Consents of guardians to the accounts of children under 14: given once an authority has confirmed the guardian."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.errors import GuardianConsentNotFound, GuardianNotConfirmed
from services.identity.credentials.domain.guardians import is_child
from services.identity.credentials.domain.ports import (
    GuardianAuthority,
    GuardianConsent,
    Guardianship,
    HasGuardianConsents,
)
from services.identity.credentials.usecases.confirmations import Owner
from services.identity.credentials.usecases.events import emit_method_changed, record_changed
from services.identity.subjects.domain.documents import RESIDENT_ID, china_today
from services.identity.subjects.domain.errors import EvidenceRefused
from services.identity.subjects.domain.ports import HasPolicy, HasSessionEndings, HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.transactions import Begins, HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class GuardianTx(
    EvidenceTx, HasClock, HasEvents, HasGuardianConsents, HasPolicy, HasSessionEndings, HasSubjects, Protocol,
):
    """The transactions of guardians' consents."""


@dataclass(frozen=True, slots=True)
class AgreeForChild:
    child_number: str = field(repr=False)
    child_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RevokeForChild:
    consent_id: str


@dataclass(frozen=True, slots=True)
class ListForChildren:
    pass


@dataclass(frozen=True, slots=True)
class GuardianConsentView:
    consent_id: str
    child_subject: str
    state: str
    given_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class GuardianConsentsView:
    items: Sequence[GuardianConsentView]


def agree_for_child(
    transactions: Begins[GuardianTx], authority: GuardianAuthority, command: AgreeForChild, owner: Owner,
    context: CallContext,
) -> GuardianConsentView:
    """Let a child use an account. The authority is asked outside of any transaction.

    Raises GuardianNotConfirmed, the same whatever is not so, and AuthorityUnavailable.
    """
    with transactions.begin(owner.population) as tx:
        guardian, child = tx.subjects.get(owner.population, owner.subject_id), _child(tx, command, owner)
    if guardian is None or guardian.id_type != RESIDENT_ID:
        raise GuardianNotConfirmed
    asked = Guardianship(guardian.id_number, command.child_number, command.child_name)
    try:
        name, receipt = authority.confirm_guardian(asked, key=f"{owner.subject_id}/{context.op_id}")
    except EvidenceRefused:
        raise GuardianNotConfirmed from None
    if child is None:
        raise GuardianNotConfirmed
    with transactions.begin(owner.population) as tx:
        return _agree(tx, owner, child, name, receipt, context)


def _child(tx: GuardianTx, command: AgreeForChild, owner: Owner) -> Subject | None:
    today = china_today(tx.clock.now())
    try:
        number = tx.policy.documents.person_number(RESIDENT_ID, command.child_number, today=today)
    except NumberError:
        return None
    found = tx.subjects.find(owner.population, RESIDENT_ID, number)
    if found is None or found.name != command.child_name.strip() or not is_child(RESIDENT_ID, number, today=today):
        return None
    return found


def _agree(
    tx: GuardianTx, owner: Owner, child: Subject, authority: str, receipt: str, context: CallContext,
) -> GuardianConsentView:
    consent = GuardianConsent(
        new_id("gcs"), owner.population, child.subject_id, owner.subject_id, authority, receipt, tx.clock.now())
    if tx.guardian_consents.add(consent):
        record_changed(
            tx, context, owner.population, child.subject_id, "guardian-consent.given", guardian=owner.subject_id,
            consent_id=consent.consent_id, authority=authority, receipt=receipt)
        emit_method_changed(tx, owner.population, child.subject_id, "guardian-agreed")
        return _view(consent)
    there = tx.guardian_consents.of_guardian(owner.subject_id)
    return _view(next(each for each in there if (each.child_id, each.state) == (child.subject_id, "accepted")))


def revoke_for_child(
    tx: GuardianTx, command: RevokeForChild, owner: Owner, context: CallContext,
) -> GuardianConsentView:
    """Take a consent back: the child's sessions end unless another guardian agrees. Doing it again changes nothing.

    Raises GuardianConsentNotFound.
    """
    revoked = tx.guardian_consents.revoke(owner.subject_id, command.consent_id, tx.clock.now())
    if revoked is None:
        there = tx.guardian_consents.of_guardian(owner.subject_id)
        before = next((each for each in there if each.consent_id == command.consent_id), None)
        if before is None:
            raise GuardianConsentNotFound
        return _view(before)
    record_changed(
        tx, context, owner.population, revoked.child_id, "guardian-consent.revoked", guardian=owner.subject_id,
        consent_id=revoked.consent_id)
    emit_method_changed(tx, owner.population, revoked.child_id, "guardian-revoked")
    if not tx.guardian_consents.has_accepted(revoked.child_id):
        tx.session_endings.credential_changed(revoked.child_id)
    return _view(revoked)


def list_for_children(tx: HasGuardianConsents, owner: Owner) -> GuardianConsentsView:
    return GuardianConsentsView([_view(each) for each in tx.guardian_consents.of_guardian(owner.subject_id)])


def _view(consent: GuardianConsent) -> GuardianConsentView:
    return GuardianConsentView(
        consent.consent_id, consent.child_id, consent.state, consent.given_at, consent.revoked_at)
