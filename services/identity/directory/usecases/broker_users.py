"""Users of the broker that the directory wants: each environment of an active app that has a key which opens."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.identity.directory.domain.app import caller_name
from services.identity.directory.domain.ports import HasApps
from services.identity.directory.domain.realm import ENVIRONMENTS
from shared_components.kernel.paging import LARGEST_LIMIT


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """password_hash: of the newest key; None when only its other hash is known. tenant: whose data it works on."""

    name: str
    tenant: str
    password_hash: str | None


def broker_users(tx: HasApps) -> Iterator[BrokerUser]:
    after = None
    while True:
        apps = tx.apps.page_of_active(after=after, limit=LARGEST_LIMIT)
        keys = tx.apps.keys([app.app for app in apps])
        for app in apps:
            for environment in ENVIRONMENTS:
                opening = [key for key in keys[app.app] if key.is_active and key.environment == environment]
                if opening and app.access_in(environment) is not None:
                    yield BrokerUser(
                        caller_name(app.app, environment), app.tenant_in(environment), opening[-1].broker_hash)
        if len(apps) < LARGEST_LIMIT:
            return
        after = apps[-1].app
