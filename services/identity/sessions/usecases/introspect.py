"""Tell apps whether tokens that they were shown count now: by this process's copies, without the tables."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.identity.sessions.domain.ports import ActiveToken, TokenVerdicts
from services.identity.sessions.usecases import views
from shared_components.kernel.calls import Call


@dataclass(frozen=True, slots=True)
class IntrospectToken:
    token: str = field(repr=False)


def introspect(
    verdicts: TokenVerdicts, calls: Sequence[Call[IntrospectToken]], at: datetime,
) -> list[views.TokenView]:
    """One answer for a token that is wrong, over, ended, or of another app."""
    return [_view(verdicts.of(
        call.data.token, app=call.context.caller, sector=call.context.department or call.context.tenant, at=at))
        for call in calls]


def _view(token: ActiveToken | None) -> views.TokenView:
    if token is None:
        return views.INACTIVE
    acting = token.acting
    return views.TokenView(
        True, acting.subject, acting.session, acting.kind, acting.level, tuple(sorted(acting.scopes)),
        datetime.fromtimestamp(token.expires_s, UTC), acting.principal,
        acting.mandate.mandate_id if acting.mandate else None)
