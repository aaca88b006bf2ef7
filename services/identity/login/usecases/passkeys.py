"""Options for a browser's passkeys."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.identity.login.domain import steps
from services.identity.login.domain.errors import LoginOver, WayNotOffered
from services.identity.login.usecases.answers import Handling
from services.identity.login.usecases.begin import LoginTransactions
from services.identity.login.usecases.commands import OfLogin
from services.identity.login.usecases.go_on import the_login
from services.identity.login.usecases.sign_in import At
from services.identity.login.usecases.views import PasskeyOptionsView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def offer_passkey(
    transactions: LoginTransactions, handling: Handling, command: OfLogin, context: CallContext,
) -> PasskeyOptionsView:
    """Raises LoginOver, WayNotOffered."""
    interaction = the_login(transactions, command.interaction, command)
    if interaction.step not in (steps.IDENTIFIER, steps.STEP_UP):
        raise WayNotOffered
    at = At(interaction.tenant, interaction.interaction_id, command.address, command.device)
    asked = handling.sign_in.passkey_options(at, context)
    with transactions.begin_for(interaction.tenants) as tx:
        locked = tx.interactions.lock(interaction.interaction_id)
        if locked is None:
            raise LoginOver
        tx.interactions.save(locked.asked(asked.challenge_id).saved())
    return PasskeyOptionsView(dict(asked.options))
