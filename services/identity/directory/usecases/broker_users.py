"""Users of the broker that the directory wants: each environment of an active app that has a key which opens."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from services.identity.directory.domain.app import caller_name
from services.identity.directory.domain.ports import HasApps
from services.identity.directory.domain.realm import ENVIRONMENTS
from shared_components.kernel.paging import LARGEST_LIMIT


class BrokerUsersTx(HasApps, Protocol):
    """The transaction of following the broker's users."""


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """password_hash: of the newest key; None when only its other hash is known. tenant: whose data it works on.

    key_id: of that key. had_revoked: the user's password was a key that is revoked, as far as the directory knows.
    """

    name: str
    tenant: str
    password_hash: str | None
    realm_id: str
    app: str
    environment: str
    key_id: str
    is_noted: bool
    had_revoked: bool


def broker_users(tx: HasApps) -> Iterator[BrokerUser]:
    after = None
    while True:
        apps = tx.apps.page_of_active(after=after, limit=LARGEST_LIMIT)
        keys = tx.apps.keys([app.app for app in apps])
        for app in apps:
            for environment in ENVIRONMENTS:
                opening = [key for key in keys[app.app] if key.is_active and key.environment == environment]
                noted = app.broker_keys.get(environment)
                if opening and app.access_in(environment) is not None:
                    yield BrokerUser(
                        caller_name(app.app, environment), app.tenant_in(environment), opening[-1].broker_hash,
                        app.realm_id, app.app, environment, opening[-1].key_id,
                        is_noted=noted == opening[-1].key_id,
                        had_revoked=noted is not None and noted not in [key.key_id for key in opening])
        if len(apps) < LARGEST_LIMIT:
            return
        after = apps[-1].app


def note_broker_key(tx: BrokerUsersTx, user: BrokerUser) -> None:
    """Record that the broker's user has this key now; calls by it count as long as the key does.

    A hash that the directory does not have tells nothing of the user's password, so nothing is recorded.
    """
    app = tx.apps.lock(user.realm_id, user.app)
    if app is not None and user.password_hash is not None:
        tx.apps.save(app.known_to_broker(user.environment, user.key_id))
