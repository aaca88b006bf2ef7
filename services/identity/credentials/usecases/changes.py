"""The consequences of a change of sign-in methods: evidence, ended sessions, forgotten devices, a warning, a level."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.credential import ACTIVE, RECOVERY_CODE, Credential
from services.identity.credentials.domain.ports import HasCredentials, HasDevices
from services.identity.credentials.usecases.confirmations import ConfirmationTx, Owner
from services.identity.credentials.usecases.events import emit_method_changed, record_changed
from services.identity.subjects.domain.ports import HasPolicy, HasSessionEndings, HasSubjects
from services.identity.subjects.domain.subject import Change
from shared_components.kernel.evidence import EvidenceTx, Fact
from shared_components.kernel.transactions import HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

RECOVERED = "account-recovered"


class ChangeTx(
    ConfirmationTx, EvidenceTx, HasCredentials, HasDevices, HasEvents, HasPolicy, HasSessionEndings, HasSubjects,
    Protocol,
):
    """The transaction of changing sign-in methods."""


def record_change(
    tx: ChangeTx, owner: Owner, context: CallContext, action: str, *, weak: bool, before: Sequence[Credential],
    warning: str, ends_sessions: bool = False, **details: Fact,
) -> bool:
    """Record a change and let its consequences follow; gives whether the account was recovered by it.

    weak: the person was confirmed by a contact or a recovery code alone. Where stronger methods were there before, the
    account is recovered: every session ends, and its evidence counts no more until newer evidence is obtained.
    ends_sessions: other sessions end, and devices are strangers again: something that let them in counts no more.
    """
    recovered = weak and any(each.state == ACTIVE and each.kind != RECOVERY_CODE for each in before)
    if recovered:
        _take_back_evidence(tx, owner, context)
    if ends_sessions or recovered:
        tx.devices.forget(owner.population, owner.subject_id)
        tx.session_endings.credential_changed(
            owner.subject_id, except_session=None if recovered else owner.session_id)
    record_changed(tx, context, owner.population, owner.subject_id, action, **details)
    emit_method_changed(tx, owner.population, owner.subject_id, "account-recovered" if recovered else warning)
    return recovered


def _take_back_evidence(tx: ChangeTx, owner: Owner, context: CallContext) -> None:
    """Let whoever took over a mailbox have no more than the mailbox gives. The history keeps the level from before."""
    subject, now, table = tx.subjects.lock(owner.population, owner.subject_id), tx.clock.now(), tx.policy.levels
    if subject is None:
        return
    facts = {"level_before": subject.level(table, now), "level": table.lowest}
    tx.subjects.save(
        replace(subject, standing={}, revision=subject.revision + 1), Change(RECOVERED, context.caller, now, facts))
    record_changed(tx, context, owner.population, owner.subject_id, "account.recovered", **facts)
