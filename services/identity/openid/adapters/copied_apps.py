"""Apps and keys of the login as this process's copy of the directory has them: tokens of apps need no table."""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from services.identity.directory.domain.access import PUBLIC
from services.identity.directory.domain.app_key import key_hash
from services.identity.directory.domain.states import ACTIVE
from services.identity.openid.domain.client import SECRET_BASIC, not_authenticated
from services.identity.openid.usecases.authenticate import LONGEST_ID, LONGEST_SECRET, Shown
from services.identity.sessions.domain.lifetimes import TokenPolicy
from services.identity.sessions.domain.ports import SigningKeys
from services.identity.sessions.domain.signing_key import RealmKey
from shared_components.bus.server.process_copies import APP, DIRECTORY, KEY, ProcessCopies
from shared_components.kernel.clock import Clock

RELOAD_S = 5.0
Load = Callable[[], Sequence[RealmKey]]


class CopiedApps:
    """Recognises apps by their keys, and keeps the keys of the login in memory for some seconds.

    A copy is as good as the tables: a key is revoked, or an app closed, when every copy has heard of it.
    seconds: a clock that never goes back.
    """

    def __init__(self, copies: ProcessCopies, seconds: Callable[[], float] = time.monotonic) -> None:
        self._copies, self._seconds = copies, seconds
        self._signing: dict[str, tuple[float, Sequence[RealmKey]]] = {}

    def allowed(self, shown: Shown) -> Sequence[str]:
        """The methods that the app may call which shows this secret. Raises OAuthRefused."""
        data = self._copies.by_feed[DIRECTORY].data
        client_id = shown.client_id or ""
        app = data.get((APP, client_id)) if len(client_id) <= LONGEST_ID else None
        key = data.get((KEY, key_hash(shown.proof))) if len(shown.proof) <= LONGEST_SECRET else None
        if app is None or key is None or key["app"] != client_id or not _may_show_a_secret(app):
            raise not_authenticated(basic=shown.method == SECRET_BASIC)
        scopes: Sequence[str] = app["scopes"]
        return scopes

    def signing_keys(self, population: str, load: Load) -> Sequence[RealmKey]:
        """The keys of a population. load: reads the tables, at times, and when the copy lacks a key."""
        read_at, keys = self._signing.get(population, (float("-inf"), ()))
        now = self._seconds()
        if now - read_at > RELOAD_S or any(self._copies.signing_key(key.kid) is None for key in keys):
            keys = load()
            self._signing[population] = now, keys
        return keys


def _may_show_a_secret(app: Mapping[str, Any]) -> bool:
    return app["state"] == ACTIVE and app.get("client_type") != PUBLIC and not app.get("proves_by_keys")


class KnownKeys(NamedTuple):
    """The part of a transaction that signs, with keys that are known already."""

    clock: Clock
    tokens: TokenPolicy
    signing_keys: SigningKeys


class OfKnownKeys:
    """Signs as the tables' keys do; which keys there are is known."""

    def __init__(self, keys: Sequence[RealmKey], signing: SigningKeys) -> None:
        self._keys, self._signing = keys, signing
        self.sign, self.sign_access = signing.sign, signing.sign_access
        self.make, self.end = signing.make, signing.end
        self.all, self.realm_ids = signing.all, signing.realm_ids

    def of(self, realm_id: str) -> Sequence[RealmKey]:
        return self._keys
