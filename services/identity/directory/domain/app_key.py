"""Keys of apps. A key is shown once, when it is made; only its hash is kept."""
from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.identity.directory.domain import states
from services.identity.directory.domain.errors import TooManyKeys
from services.identity.directory.domain.realm import SANDBOX
from shared_components.kernel.bilingual import Bilingual

MOST_KEYS = 2
"""Of an environment: one, and the next one while the app changes over."""
KEY_BYTES = 32
_PREFIX = {SANDBOX: "zts_"}


@dataclass(frozen=True, slots=True)
class AppKey:
    """key_hash: SHA-256 of the key, 64 hex digits. A key is long and random, so a slow hash would add nothing.

    broker_hash: the hash that RabbitMQ checks; None for keys of which only the other hash was imported.
    """

    key_id: str
    realm_id: str
    app: str
    environment: str
    key_hash: str
    created_at: datetime
    state: str = states.ACTIVE
    revoked_at: datetime | None = None
    broker_hash: str | None = None

    @property
    def is_active(self) -> bool:
        return self.state == states.ACTIVE

    def revoked(self, at: datetime) -> AppKey:
        """Raises IllegalTransition."""
        states.APP_KEY.move(self.state, states.REVOKED)
        return replace(self, state=states.REVOKED, revoked_at=at)


def new_key(environment: str) -> str:
    """A new key with 256 random bits. Its beginning tells people which environment it opens."""
    return _PREFIX.get(environment, "ztp_") + secrets.token_urlsafe(KEY_BYTES)


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def broker_hash(key: str, salt: bytes | None = None) -> str:
    """RabbitMQ's hash of a password: base64 of a salt of 4 bytes and SHA-256 of salt and password.

    Source: https://www.rabbitmq.com/docs/passwords#this-is-the-algorithm
    """
    salt = secrets.token_bytes(4) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + key.encode()).digest()).decode()


def require_room(keys: Sequence[AppKey], environment: str) -> None:
    """Raises TooManyKeys when the app has as many active keys of this environment as it may."""
    active = [key for key in keys if key.is_active and key.environment == environment]
    if len(active) >= MOST_KEYS:
        raise TooManyKeys(Bilingual(
            f"the app has {len(active)} active {environment} keys; at most {MOST_KEYS} are allowed, revoke one first",
            f"该应用在该环境已有 {len(active)} 个有效密钥；最多 {MOST_KEYS} 个，请先吊销其一"))
