"""The apps that may call, known by the hash of their key."""
from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from services.gateway.domain.errors import AppOverloaded, KeyMissing, KeyUnknown
from services.gateway.domain.rates import CallRates
from shared_components.kernel.apps import may_call
from shared_components.kernel.bilingual import Bilingual

log = logging.getLogger("zhongtai.gateway")

DEMO_APP = "app-demo"
DEMO_KEY = "demo-app-key"
LONGEST_KEY = 256
SCHEME = "bearer"
MOST_KEYS = 2
"""One, and the next one while an app changes over. An old one that nobody took out stands in the next one's way."""

NoteKey = Callable[[str, int], None]
"""Told of an app's name and which of its keys it showed, from 1."""


@dataclass(frozen=True)
class App:
    """tenant: whose data it works on. methods: what it may call, as `payment.*` or `payment.get_order`.

    in_flight, calls_per_s: its own limits; None is the gateway's, and no limit.
    is_public: it runs on persons' own machines and keeps no key; a person's token is enough.
    """

    name: str
    tenant: str
    keys_sha256: tuple[str, ...]
    methods: tuple[str, ...] = ("*",)
    in_flight: int | None = None
    calls_per_s: int | None = None
    is_public: bool = False

    def may_call(self, service: str, method: str) -> bool:
        return may_call(self.methods, service, method)


class InFlight:
    """How many requests of each app are worked on, and come in a second: no app takes the place of all others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rates = CallRates()
        self._of: dict[str, int] = {}

    @contextmanager
    def one(self, app: App) -> Iterator[None]:
        """Count a request while it is worked on. Raises AppOverloaded."""
        self._rates.take(app.name, app.calls_per_s)
        now = self._of.get(app.name, 0)
        most = self._most if app.in_flight is None else min(self._most, app.in_flight)
        if now >= most:
            raise AppOverloaded(
                Bilingual(
                    f"app '{app.name}' has {now} requests in work; at most {most} are allowed at once",
                    f"应用“{app.name}”有 {now} 个请求正在处理；同时最多允许 {most} 个"),
                details={"retry_after_s": 1})
        self._of[app.name] = now + 1
        try:
            yield
        finally:
            self._of[app.name] -= 1


class Apps:
    """Recognises an app by a key it shows. note_key: told of every use of a key of an app that has several."""

    def __init__(self, apps: Iterable[App], note_key: NoteKey | None = None) -> None:
        apps = tuple(apps)
        self._tenants = {app.name: app.tenant for app in apps}
        self._by_name = {app.name: app for app in apps}
        self._keys = tuple(
            (key, app, number if len(app.keys_sha256) > 1 else 0)
            for app in apps for number, key in enumerate(app.keys_sha256, 1))
        self._note_key = note_key

    def find(self, given: str) -> tuple[App, int] | None:
        """The app with a key of this hash, and which of its keys it is, from 1; 0 when it has one."""
        found = None
        # All are compared, so that the time tells nothing about which one was near.
        for key_sha256, app, number in self._keys:
            if hmac.compare_digest(key_sha256, given):
                found = app, number
        return found

    def named(self, name: str) -> App | None:
        """A configured app."""
        return self._by_name.get(name)

    def authenticate(self, authorization: str | None) -> App:
        """authorization: the header. Raises KeyMissing, KeyUnknown; the latter for every kind of wrong key alike."""
        return self.noted(self.find(hash_of_shown(authorization)))

    def noted(self, found: tuple[App, int] | None) -> App:
        """The app that was found; a key of several is noted. Raises KeyUnknown."""
        if found is None:
            raise KeyUnknown
        app, shown = found
        if shown and self._note_key is not None:
            self._note_key(app.name, shown)
        return app

    def without_namesake(self, found: tuple[App, int] | None) -> tuple[App, int] | None:
        """An app of the directory, or None for one that has the name of a configured app of another tenant.

        A name is one caller: rows, sessions and presentations of the configured app are not the other one's.
        """
        if found is None or self._tenants.get(found[0].name, found[0].tenant) == found[0].tenant:
            return found
        log.warning("gateway.app.namesake_refused", extra={"app": found[0].name, "tenant": found[0].tenant})
        return None

    def knows(self, key_sha256: str) -> bool:
        return any(key == key_sha256 for key, _, _ in self._keys)


class KnowsApps(Protocol):
    """A directory of apps outside of the configuration."""

    async def find(self, key_sha256: str) -> tuple[App, int] | None:
        """As Apps.find. Raises DirectoryNotReached."""
        ...


def hash_of_shown(authorization: str | None) -> str:
    """The hash of the key in the header. Raises KeyMissing, KeyUnknown for one that no app can have."""
    scheme, _, key = (authorization or "").strip().partition(" ")
    key = key.strip()
    if scheme.lower() != SCHEME or not key:
        raise KeyMissing(Bilingual(
            "header Authorization has no app key; 'Authorization: Bearer <app key>' is allowed",
            "请求头 Authorization 中没有应用密钥；格式为 Authorization: Bearer <应用密钥>"))
    if len(key) > LONGEST_KEY:
        raise KeyUnknown
    return key_hash(key)


def key_hash(key: str) -> str:
    """An app's key is long and random, so a plain hash of it is as hard to undo as a slow one."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def demo_app(tenant: str) -> App:
    """For development: its key stands in the documentation."""
    return App(DEMO_APP, tenant, (key_hash(DEMO_KEY),))
