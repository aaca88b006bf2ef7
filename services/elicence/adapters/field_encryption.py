"""Encryption of what is personal in a licence: one ciphertext a licence, and a blind index to find a holder by."""
from __future__ import annotations

from typing import Any

import orjson

from shared_components.security import Secrets


class FieldEncryption:
    """The personal fields of licences, by the service's key ring."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal(self, licence_id: str, personal: dict[str, Any]) -> bytes:
        """One ciphertext for all of them: a licence is read far more often than written, and decrypted once."""
        return self._secrets.fields.encrypt(orjson.dumps(personal).decode(), aad=f"{licence_id}/sealed")

    def open(self, licence_id: str, sealed: bytes) -> dict[str, Any]:
        opened: dict[str, Any] = orjson.loads(self._secrets.fields.decrypt(sealed, aad=f"{licence_id}/sealed"))
        return opened

    def holder_key(self, tenant: str, id_type: str, id_number: str) -> str:
        return self._secrets.blind_index(tenant, f"id:{id_type}", id_number)
