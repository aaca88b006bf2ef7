"""Consents to apps: what a person lets an app see and do, one record for each scope."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.identity.openid.domain import states
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.scopes import WITHOUT_CONSENT


@dataclass(frozen=True, slots=True)
class Consent:
    """subject_id: whose things are meant. given_by: the person who consented, for another one under a mandate.

    client_id: the app as it calls.
    """

    consent_id: str
    realm_id: str
    subject_id: str
    client_id: str
    scope: str
    given_by: str
    given_at: datetime
    state: str = states.ACTIVE
    revoked_at: datetime | None = None

    def revoked(self, at: datetime) -> Consent:
        """Raises IllegalTransition."""
        states.CONSENT.move(self.state, states.REVOKED)
        return replace(self, state=states.REVOKED, revoked_at=at)


def covered(scope: str, consented: Iterable[str]) -> bool:
    """Tell whether consents cover a scope: itself, or the kind of thing that it is a type of."""
    return any(given in (scope, scope.partition(":")[0]) for given in consented)


def still_to_consent(client: Client, scopes: Iterable[str], consented: Iterable[str]) -> frozenset[str]:
    """The scopes for which the person has to be asked. A portal is the realm's own entrance, and asks for none."""
    if client.is_portal:
        return frozenset()
    known = frozenset(consented)
    return frozenset(scope for scope in scopes if scope not in WITHOUT_CONSENT and not covered(scope, known))
