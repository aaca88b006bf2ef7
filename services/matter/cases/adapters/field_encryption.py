"""Personal data at rest: JSON values as one ciphertext, bound to the record that the value belongs to."""
from __future__ import annotations

import json
from typing import Any, Protocol


class FieldCipher(Protocol):
    def encrypt(self, text: str, *, aad: str) -> bytes: ...

    def decrypt(self, data: bytes, *, aad: str) -> str: ...


class FieldEncryption:
    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher

    def encrypt(self, record: str, value: Any) -> bytes:
        """record: names the row and field, e.g. `case_…/form`."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self._cipher.encrypt(text, aad=record)

    def decrypt(self, record: str, data: bytes) -> Any:
        return json.loads(self._cipher.decrypt(data, aad=record))
