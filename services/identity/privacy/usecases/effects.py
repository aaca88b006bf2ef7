"""Do what a granted request asks for."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from services.identity.credentials.usecases.contacts import index_contacts
from services.identity.openid.usecases.manage_consents import RevokeConsent, revoke_consent
from services.identity.privacy.domain import states
from services.identity.privacy.domain.ports import SealedCopy
from services.identity.privacy.domain.request import PersonalRequest
from services.identity.privacy.usecases.held import held_of
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from services.identity.subjects.domain import states as subject_states
from services.identity.subjects.domain.errors import SubjectNotFound
from services.identity.subjects.domain.subject import Change, Subject
from services.identity.subjects.usecases.states import ChangeState, change_state

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MOST_CONSENTS = 100
COPY_KEPT = timedelta(days=30)
CORRECTED, ERASED = "personal-data-corrected", "personal-data-erased"
REASON = "request of the person"


def carry_out(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    """Do it, in the transaction of the decision."""
    _EFFECTS[request.kind](tx, request, context)


def _copy(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    now = tx.clock.now()
    document, key_id, signature = tx.personal_copies.seal(held_of(tx, request, context))
    tx.personal_copies.add(SealedCopy(
        request.request_id, request.subject_id, request.population, document, key_id, signature, now, now + COPY_KEPT))


def _correct(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    subject = _subject(tx, request, context)
    wanted = dict(request.corrections)
    renamed = bool(wanted.get("name")) and wanted["name"] != subject.name
    # Evidence was given for the name of before.
    standing = {} if renamed else subject.standing
    corrected = replace(
        subject, name=wanted.get("name") or subject.name, mobile=wanted.get("mobile", subject.mobile),
        email=wanted.get("email", subject.email), standing=standing, revision=subject.revision + 1)
    tx.subjects.correct(corrected, Change(
        CORRECTED, context.caller, tx.clock.now(), {"fields": " ".join(sorted(wanted)), "request": request.request_id}))
    index_contacts(tx, corrected)


def _restrict(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    if _subject(tx, request, context).state == subject_states.ACTIVE:
        change_state(tx, ChangeState(request.subject_id, REASON), context, target=subject_states.FROZEN)


def _close(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    """Close the account: its mandates, links and sessions end with it, and its sign-in methods go."""
    if _subject(tx, request, context).state != subject_states.CLOSED:
        change_state(tx, ChangeState(request.subject_id, REASON), context, target=subject_states.CLOSED)
    tx.credentials.remove([each.credential_id for each in tx.credentials.lock(request.subject_id)])


def _delete(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    """Close the account and erase who it was. The id stays, so that what others hold by law still has its subject."""
    _close(tx, request, context)
    subject = _subject(tx, request, context)
    tx.personal_copies.remove_of(request.subject_id)
    tx.accounts.forget(request.subject_id)
    tx.subjects.erase(replace(subject, revision=subject.revision + 1), Change(
        ERASED, context.caller, tx.clock.now(), {"request": request.request_id}))


def _withdraw(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    """Withdraw every consent to an app; the person's own session asks for it."""
    while consents := tx.consents.page(request.population, request.subject_id, after=None, limit=MOST_CONSENTS):
        for app in sorted({each.client_id for each in consents}):
            revoke_consent(tx, RevokeConsent(app), context)


def _subject(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> Subject:
    found = tx.subjects.lock(context.tenant, request.subject_id)
    if found is None:
        raise SubjectNotFound
    return found


_EFFECTS: Mapping[str, Callable[[PrivacyTx, PersonalRequest, CallContext], None]] = {
    states.INSPECT: _copy, states.COPY: _copy, states.CORRECT: _correct, states.DELETE: _delete,
    states.RESTRICT: _restrict, states.WITHDRAW: _withdraw, states.CLOSE: _close,
}
