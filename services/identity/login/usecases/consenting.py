"""Consents that a login still needs."""
from __future__ import annotations

from typing import Protocol

from services.identity.login.domain.interaction import Interaction
from services.identity.openid.domain.ports import HasClients, HasConsents
from services.identity.openid.domain.scopes import WITHOUT_CONSENT
from services.identity.openid.usecases.consents import consent_needed
from shared_components.kernel.transactions import HasClock


class ConsentingTx(HasClock, HasClients, HasConsents, Protocol):
    """The transaction of asking for consents."""


def scopes_to_consent(tx: ConsentingTx, interaction: Interaction, holder: str) -> tuple[str, ...]:
    """holder: the person, or whom the person acts for. An officer's session holds nothing of a citizen."""
    wanted = interaction.wanted
    client = None if wanted.app is None or wanted.is_officer else tx.clients.find(wanted.app)
    if client is None:
        return ()
    needed = set(wanted.scopes) - WITHOUT_CONSENT if wanted.ask_consent else consent_needed(
        tx, client, holder, wanted.scopes)
    return tuple(sorted(set(needed) - set(interaction.progress.consents)))
