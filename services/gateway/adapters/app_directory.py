"""Copy of the directory's feed in this process: apps by the hash of a key, keys of the login, ended sessions."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.gateway.domain.apps import App
from services.gateway.domain.errors import DirectoryNotReached
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.db.feeds import LEASE_S, Page
from shared_components.db.feeds.messages import page_of
from shared_components.kernel.clock import LearnedClock
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.security.proofs.login_keys import login_key
from shared_components.security.tokens import TrustedKey

SERVICE, METHOD, FEED = "identity", "read_feed", "directory"
APP, KEY, ACTIVE, PUBLIC = "app", "key", "active", "public"
ENDED_SESSION, SIGNING_KEY = "ended-session", "signing-key"
KINDS = (APP, KEY, ENDED_SESSION, SIGNING_KEY)
RENEW_S, TIMEOUT_S = 1.0, 5.0
LOOK_EVERY_S = 0.1
"""Unknown keys make a process read ten times a second at most."""


class AppDirectory:
    """Apps by the hash of a key, as of a lease of LEASE_S.

    A lease with less than RENEW_S left is renewed beside the request. A request without a lease waits for one: a key
    may have been revoked since. A key that is unknown waits for what is new. A process that nobody asks keeps no lease,
    so no revocation waits for it.
    Its clock goes by that of identity's database, as tokens do.
    seconds: a clock that never goes back.
    """

    def __init__(self, bus: AsyncBus, seconds: Callable[[], float] = time.monotonic) -> None:
        self._bus, self._seconds = bus, seconds
        self._copy = new_id("gw")
        self.clock = LearnedClock(seconds)
        self._data: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._apps: Mapping[str, tuple[App, int]] = {}
        self._clients: Mapping[str, App] = {}
        self._signing_keys: Mapping[str, TrustedKey] = {}
        self._ended: frozenset[str] = frozenset()
        self._n, self._digest = 0, ""
        self._leased_until = float("-inf")
        self._reading: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._look_at = float("-inf")

    async def find(self, key_sha256: str) -> tuple[App, int] | None:
        """The app, and which of its keys it is, from 1; 0 when it has one. Raises DirectoryNotReached."""
        await self.renew()
        found = self._apps.get(key_sha256)
        if found is None:
            await self._look_again()
            found = self._apps.get(key_sha256)
        return found

    async def renew(self) -> None:
        """Wait for a lease where the copy lacks one: what is looked up next holds now. Raises DirectoryNotReached."""
        if self._left_s < RENEW_S:
            reading = self._read_beside()
            if self._left_s <= 0:
                await asyncio.shield(reading)
                if self._left_s <= 0:
                    raise DirectoryNotReached(details={"retry_after_s": 1})

    def client(self, name: str) -> App | None:
        """An active app by the name under which it calls, whatever keys it has."""
        return self._clients.get(name)

    def signing_key(self, kid: str) -> TrustedKey | None:
        """A key by which the login signs tokens."""
        return self._signing_keys.get(kid)

    def is_ended(self, session: str) -> bool:
        """Tell whether a session has ended, or what it gave an app; both by their ids."""
        return session in self._ended

    @property
    def _left_s(self) -> float:
        return self._leased_until - self._seconds()

    async def _look_again(self) -> None:
        """Wait for a reading that begins from now on: the key may be new. All that ask until it begins share it."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        await asyncio.shield(self._looking)

    async def _look(self) -> None:
        await asyncio.sleep(max(0.0, self._look_at - self._seconds()))
        self._looking, self._look_at = None, self._seconds() + LOOK_EVERY_S
        if self._reading is not None:
            await asyncio.shield(self._reading)
        await asyncio.shield(self._read_beside())

    def _read_beside(self) -> asyncio.Task[None]:
        """One reading at a time, whoever waits for it."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        """Read until there is nothing new. A feed that does not answer leaves the lease as it is."""
        try:
            while not await self._read_page():
                pass
        except AppError:
            return

    async def _read_page(self) -> bool:
        """Read a page; True when it gave a lease."""
        began = self._seconds()
        request = {"feed": FEED, "from_n": self._n, "digest": self._digest, "copy": self._copy}
        page = page_of(await self._bus.call(SERVICE, METHOD, request, timeout_s=TIMEOUT_S, context={}))
        if page.now is not None:
            self.clock.learn(page.now)
        if page.leased:
            self._leased_until = began + LEASE_S
            return True
        if page.diverged:
            # As after a restore of identity. What is known stays until its lease ends or the feed is read anew.
            self._data, self._n, self._digest = {}, 0, ""
        self._apply(page)
        return False

    def _apply(self, page: Page) -> None:
        for entry in page.entries:
            if entry.data is None:
                self._data.pop((entry.kind, entry.key), None)
            elif entry.kind in KINDS:
                self._data[entry.kind, entry.key] = entry.data
            self._n, self._digest = entry.n, entry.digest
        if self._n == page.head:
            # All at once, and only here: while the feed is read anew, what was known holds as long as the lease.
            self._apps = dict(_keys_of(self._data))
            self._clients = {
                name: _app_of(name, app, ()) for (kind, name), app in self._data.items()
                if kind == APP and app["state"] == ACTIVE}
            self._ended = frozenset(key for kind, key in self._data if kind == ENDED_SESSION)
            self._signing_keys = {
                key: login_key(said) for (kind, key), said in self._data.items() if kind == SIGNING_KEY}


def _keys_of(data: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[tuple[str, tuple[App, int]]]:
    keys: dict[str, list[tuple[str, str]]] = {}
    for (kind, key), said in data.items():
        if kind == KEY:
            keys.setdefault(said["app"], []).append((said["key_id"], key))
    for name, of_app in keys.items():
        app = data.get((APP, name))
        if app is None or app["state"] != ACTIVE:
            continue
        hashes = tuple(key for _, key in sorted(of_app))
        made = _app_of(name, app, hashes)
        for number, key in enumerate(hashes, 1):
            yield key, (made, number if len(hashes) > 1 else 0)


def _app_of(name: str, said: Mapping[str, Any], hashes: tuple[str, ...]) -> App:
    return App(
        name, said["tenant"], hashes, tuple(said["scopes"]), said["in_flight"], said["calls_per_s"],
        said.get("client_type") == PUBLIC)
