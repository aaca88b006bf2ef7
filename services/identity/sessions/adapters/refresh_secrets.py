"""Secrets of refresh tokens, by the service's key ring."""
from __future__ import annotations

import base64
import hashlib
import hmac

from services.identity.sessions.domain.grant import RefreshToken
from shared_components.security import Secrets

PURPOSE = "refresh-token"


class KeyedRefreshSecrets:
    """The hash binds a secret to its token's id."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets, self._hash = secrets, secrets.keyed_hash(PURPOSE)

    @property
    def key_version(self) -> int:
        return self._secrets.key_version

    def hash_of(self, token_id: str, secret: str) -> str:
        return self._hash.text_of(f"{token_id}.{secret}".encode())

    def matches(self, token: RefreshToken, secret: str) -> bool:
        return self._hash.matches_text(token.secret_hash, f"{token.token_id}.{secret}".encode())

    def successor_of(self, secret: str, successor_id: str, key_version: int) -> str:
        key = self._secrets.derive(f"{PURPOSE}/successor", key_version)
        made = hmac.digest(key, f"{successor_id}.{secret}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
