"""Begin a sign-in at another provider: the browser goes there with state, nonce and a PKCE challenge."""
from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain.ports import HasPopulations
from services.identity.upstream.domain.ports import HasSignIns, Waiting
from services.identity.upstream.domain.provider import Providers, SignIn
from shared_components.kernel.transactions import Begins, HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

LIFETIME = timedelta(minutes=10)
RANDOM_BYTES = 32


class BeginTx(HasClock, HasPopulations, HasSignIns, Protocol):
    """The transaction of beginning."""


@dataclass(frozen=True, slots=True)
class BeginUpstream:
    """binding: the login's interaction. subject_id: the signed-in person who links the account; None: a sign-in."""

    provider: str
    binding: str
    redirect_uri: str
    subject_id: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    location: str
    expires_at: datetime


def begin_upstream(
    transactions: Begins[BeginTx], providers: Providers, command: BeginUpstream, context: CallContext,
) -> Begun:
    """Raises ProviderUnknown, ProviderNotConfigured, ProviderUnavailable."""
    state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
    sign_in = SignIn(state, nonce, verifier, command.redirect_uri)
    # The provider may be asked for its addresses first: outside of the transaction.
    location = providers.get(command.provider).address(sign_in, locale=context.locale)
    with transactions.begin(context.tenant) as tx:
        expires_at = tx.clock.now() + LIFETIME
        tx.upstream_sign_ins.add(Waiting(
            tx.populations.of([context.tenant])[context.tenant], command.provider, sign_in, command.binding,
            expires_at, command.subject_id))
    return Begun(location, expires_at)
