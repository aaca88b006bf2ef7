"""Consents to apps: which are needed, and their record."""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from services.identity.openid.domain import states
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.consent import Consent, still_to_consent
from services.identity.openid.domain.ports import HasConsents
from services.identity.openid.domain.scopes import WITHOUT_CONSENT
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

GIVEN = "consent.given"


class RecordConsentTx(HasClock, HasConsents, EvidenceTx, Protocol):
    """The transaction of recording consents."""


def consent_needed(
    tx: HasConsents, client: Client, subject_id: str, scopes: Collection[str],
) -> frozenset[str]:
    """The scopes to which the person has still to consent before the app gets them. subject_id: whose things they are.

    Officers are not asked: what they see is their department's.
    """
    return still_to_consent(client, scopes, tx.consents.scopes(client.population, subject_id, client.client_id))


def record_consent(
    tx: RecordConsentTx, client: Client, subject_id: str, scopes: Collection[str], *, given_by: str,
    context: CallContext | None,
) -> None:
    """Remember consents until they are revoked. given_by: the person who consented."""
    wanted = sorted(set(scopes) - WITHOUT_CONSENT)
    if not wanted:
        return
    known = {each.scope: each for each in tx.consents.of_client(client.population, subject_id, client.client_id)}
    given = [scope for scope in wanted if _give(tx, client, subject_id, scope, known.get(scope), given_by)]
    if given:
        tx.record_evidence(
            context, owner=client.population, action=GIVEN, about=subject_id, basis="holder",
            details={"app": client.client_id, "scopes": given, "given_by": given_by})


def _give(
    tx: RecordConsentTx, client: Client, subject_id: str, scope: str, known: Consent | None, given_by: str,
) -> bool:
    """Tell whether the consent is new."""
    if known is not None and known.state == states.ACTIVE:
        return False
    consent_id = new_id("cns") if known is None else known.consent_id
    consent = Consent(
        consent_id, client.population, subject_id, client.client_id, scope, given_by, tx.clock.now())
    (tx.consents.add if known is None else tx.consents.save)(consent)
    return True
