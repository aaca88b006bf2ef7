"""The apps that may call, known by the hash of their key."""
from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from services.gateway.domain.errors import KeyMissing, KeyUnknown

DEMO_APP = "app-demo"
DEMO_KEY = "demo-app-key"
LONGEST_KEY = 256
SCHEME = "bearer"


@dataclass(frozen=True)
class App:
    """tenant: whose data it works on. methods: what it may call, as `payment.*` or `payment.get_order`."""

    name: str
    tenant: str
    key_sha256: str
    methods: tuple[str, ...] = ("*",)

    def may_call(self, service: str, method: str) -> bool:
        return any(granted in ("*", f"{service}.*", f"{service}.{method}") for granted in self.methods)


class Apps:
    """Recognises an app by the key it shows."""

    def __init__(self, apps: Iterable[App]) -> None:
        self._apps = tuple(apps)

    def authenticate(self, authorization: str | None) -> App:
        """authorization: the header. Raises KeyMissing, KeyUnknown; the latter for every kind of wrong key alike."""
        scheme, _, key = (authorization or "").strip().partition(" ")
        key = key.strip()
        if scheme.lower() != SCHEME or not key:
            raise KeyMissing("header Authorization has no app key; 'Authorization: Bearer <app key>' is allowed")
        if len(key) > LONGEST_KEY:
            raise KeyUnknown
        given = key_hash(key)
        found = None
        # All are compared, so that the time tells nothing about which one was near.
        for app in self._apps:
            if hmac.compare_digest(app.key_sha256, given):
                found = app
        if found is None:
            raise KeyUnknown
        return found

    def knows(self, key_sha256: str) -> bool:
        return any(app.key_sha256 == key_sha256 for app in self._apps)


def key_hash(key: str) -> str:
    """An app's key is long and random, so a plain hash of it is as hard to undo as a slow one."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def demo_app(tenant: str) -> App:
    """For development: its key stands in the documentation."""
    return App(DEMO_APP, tenant, key_hash(DEMO_KEY))
