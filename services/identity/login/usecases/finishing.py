"""The way out of a login: back to the app with a code or a refusal, or to a page of the account."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.identity.login.domain.interaction import Interaction
from services.identity.mandates.domain.mandate import Mandate
from services.identity.openid.usecases.complete_request import (
    CompleteTx,
    RefuseTx,
    complete_authorization,
    refuse_authorization,
)
from services.identity.sessions.domain.grant import ActsFor
from services.identity.sessions.domain.session import Session

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ACCOUNT_PATH = "/account/{page}"


class FinishTx(CompleteTx, RefuseTx, Protocol):
    """The transaction of ending a login."""


def way_back(
    tx: FinishTx, interaction: Interaction, session: Session, mandate: Mandate | None, context: CallContext,
) -> str:
    """mandate: under which the person acts in the app."""
    if interaction.request_id is None:
        return ACCOUNT_PATH.format(page=interaction.target)
    return complete_authorization(
        tx, interaction.request_id, session, acts_for=_acts_for(interaction, mandate),
        consent=interaction.progress.consents, context=context)


def way_out(tx: FinishTx, interaction: Interaction, error: str) -> str:
    """The way back of somebody who has not signed in, or has refused. error: of OAuth."""
    if interaction.request_id is None:
        return "/"
    return refuse_authorization(tx, interaction.request_id, error)


def _acts_for(interaction: Interaction, mandate: Mandate | None) -> ActsFor | None:
    if mandate is None:
        return None
    return ActsFor(mandate.principal_id, mandate.for_session(interaction.wanted.scopes), mandate.ends_at)
