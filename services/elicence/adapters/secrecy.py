"""Keys at work: sealed rows, blind indexes, presentation codes."""
from __future__ import annotations

import hashlib
import hmac
import json
import secrets as randomness
from collections.abc import Mapping
from typing import Any

from services.elicence.domain.licence import Holder, Licence
from shared_components.security import Secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that are not taken for one another when read aloud or by eye (no 0 O 1 I)."""

_CODE_LENGTH = 24
_CODE_PURPOSE = "elicence/presentation-code"


class KeyedSecrecy:
    """`Secrecy` by the platform's keys; also seals and opens what is personal in a licence."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def holder_key(self, tenant: str, id_type: str, id_number: str) -> str:
        return self._secrets.blind_index(tenant, f"id:{id_type}", id_number)

    def new_code(self) -> str:
        """120 random bits: the first 40 find the presentation, the other 80 prove it."""
        return "".join(randomness.choice(_ALPHABET) for _ in range(_CODE_LENGTH))

    def digest(self, tenant: str, code: str) -> bytes:
        message = f"{tenant}\n{code}".encode()
        return hmac.digest(self._secrets.derive(_CODE_PURPOSE), message, hashlib.sha256)

    def seal(self, licence: Licence) -> bytes:
        """One ciphertext for all of it: a licence is read far more often than written, and decrypted once."""
        secret = {"name": licence.holder.name, "number": licence.holder.id_number, "content": dict(licence.content)}
        text = json.dumps(secret, ensure_ascii=False, separators=(",", ":"))
        return self._secrets.fields.encrypt(text, aad=_name(licence.licence_id))

    def open(self, sealed: bytes, licence_id: str) -> Mapping[str, Any]:
        opened: Mapping[str, Any] = json.loads(self._secrets.fields.decrypt(sealed, aad=_name(licence_id)))
        return opened

    def holder(self, opened: Mapping[str, Any], *, subject: str, id_type: str, key: str) -> Holder:
        return Holder(subject, opened["name"], id_type, opened["number"], key)


def _name(licence_id: str) -> str:
    return f"{licence_id}/sealed"
