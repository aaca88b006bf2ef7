"""Secrets in a call, sealed for the one service that needs them: X25519, HKDF-SHA256 and AES-256-GCM.

Text: `zts1.<version of the service's key>.<base64url of the sender's public key, nonce and ciphertext>`. The sender's
key pair is new every minute, so that a message costs no curve operation. JSON is sealed; its place is authenticated.
Source: docs/adr/094-secrets-are-sealed-for-one-service.md, after RFC 9180 (HPKE, base mode)
"""
from __future__ import annotations

import base64
import binascii
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared_components.kernel import strict_json

PREFIX = "zts1."
SENDER_KEPT_S, LOOK_EVERY_S = 60.0, 30.0
MOST_SENDERS = 256
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16

PublicKeys = Callable[[], Mapping[int, X25519PublicKey]]
PrivateKeys = Callable[[], Mapping[int, X25519PrivateKey]]
"""Version → key, read anew at each call."""


class NotOpened(Exception):
    """The text was sealed for another service or place, by a key that is gone, or it was changed."""


class Sealer:
    """Seals values for one service. seconds: a clock that never goes back."""

    def __init__(self, service: str, keys: PublicKeys, seconds: Callable[[], float] = monotonic) -> None:
        self._service, self._keys, self._seconds = service, keys, seconds
        self._until, self._version, self._public = float("-inf"), 0, b""
        self._cipher: AESGCM | None = None

    def seal(self, value: Any, where: str) -> Any:
        """The sealed text; the value itself where the service has no key to seal for."""
        if self._seconds() >= self._until:
            self._begin()
        if self._cipher is None:
            return value
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, orjson.dumps(value), where.encode())
        content = base64.urlsafe_b64encode(self._public + nonce + sealed).decode().rstrip("=")
        return f"{PREFIX}{self._version}.{content}"

    def _begin(self) -> None:
        keys = self._keys()
        self._until = self._seconds() + SENDER_KEPT_S
        self._cipher = None
        if keys:
            self._version = max(keys)
            sender, receiver = X25519PrivateKey.generate(), keys[self._version]
            self._public = sender.public_key().public_bytes_raw()
            self._cipher = _cipher(self._service, sender, receiver, self._public, receiver.public_bytes_raw())


class Opener:
    """Opens what was sealed for one service. A version that it does not know is looked for again, at times."""

    def __init__(self, service: str, keys: PrivateKeys, seconds: Callable[[], float] = monotonic) -> None:
        self._service, self._keys, self._seconds = service, keys, seconds
        self._known: Mapping[int, X25519PrivateKey] = {}
        self._looked_at = float("-inf")
        self._ciphers: OrderedDict[tuple[int, bytes], AESGCM] = OrderedDict()

    def open(self, text: str, where: str) -> Any:
        """Raises NotOpened."""
        try:
            version, content = _parts(text)
            public, nonce = content[:KEY_BYTES], content[KEY_BYTES:KEY_BYTES + NONCE_BYTES]
            cipher = self._cipher_of(version, public)
            return strict_json.read(cipher.decrypt(nonce, content[KEY_BYTES + NONCE_BYTES:], where.encode()))
        except (InvalidTag, ValueError, binascii.Error):
            raise NotOpened from None

    def _cipher_of(self, version: int, public: bytes) -> AESGCM:
        """Raises ValueError for a text that is no point of the curve, NotOpened for an unknown key."""
        found = self._ciphers.get((version, public))
        if found is None:
            receiver = self._key(version)
            sender = X25519PublicKey.from_public_bytes(public)
            found = _cipher(self._service, receiver, sender, public, receiver.public_key().public_bytes_raw())
            self._ciphers[version, public] = found
            while len(self._ciphers) > MOST_SENDERS:
                self._ciphers.popitem(last=False)
        return found

    def _key(self, version: int) -> X25519PrivateKey:
        if version not in self._known and self._seconds() - self._looked_at >= LOOK_EVERY_S:
            self._known, self._looked_at = self._keys(), self._seconds()
        key = self._known.get(version)
        if key is None:
            raise NotOpened
        return key


def is_sealed(value: object) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def _parts(text: str) -> tuple[int, bytes]:
    version, dot, content = text.removeprefix(PREFIX).partition(".")
    if not dot or not version.isascii() or not version.isdigit() or len(version) > 6:
        raise NotOpened
    data = base64.b64decode(content + "=" * (-len(content) % 4), altchars=b"-_", validate=True)
    if len(data) < KEY_BYTES + NONCE_BYTES + TAG_BYTES:
        raise NotOpened
    return int(version), data


def _cipher(
    service: str, private: X25519PrivateKey, public: X25519PublicKey, sender: bytes, receiver: bytes,
) -> AESGCM:
    shared = private.exchange(public)
    derive = HKDF(SHA256(), KEY_BYTES, salt=sender + receiver, info=f"zhongtai/sealed-secret/1/{service}".encode())
    return AESGCM(derive.derive(shared))
