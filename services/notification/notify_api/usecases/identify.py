"""Find out which app a request of a Notify client comes from."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from services.notification.notify_api.domain.tokens import shown_token, verified
from services.notification.notify_api.usecases.keys import HasNotifyKeys
from shared_components.kernel.transactions import HasClock


@dataclass(frozen=True, slots=True)
class IdentifyNotifyCaller:
    authorization: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotifyCaller:
    """The app that the key is of, and what kind of key it is."""

    app: str
    tenant: str
    key_id: str
    kind: str


class IdentifyTx(HasClock, HasNotifyKeys, Protocol):
    """The part of a transaction that recognising a caller needs."""


def identify(tx: IdentifyTx, command: IdentifyNotifyCaller) -> NotifyCaller:
    """Raises NotifyTokenMissing, NotifyTokenRefused."""
    token = shown_token(command.authorization)
    key = verified(token, tx.notify_keys.of_service(token.service_id), at=tx.clock.now())
    return NotifyCaller(key.app, key.tenant, key.key_id, key.kind)
