"""Personal data at rest: JSON values as one ciphertext, bound to the record it belongs to."""
from __future__ import annotations

import json
from typing import Any, Protocol


class FieldCipher(Protocol):
    def encrypt(self, text: str, *, aad: str) -> bytes: ...

    def decrypt(self, data: bytes, *, aad: str) -> str: ...


class Seals:
    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher

    def seal(self, record: str, value: Any) -> bytes:
        """record: names the row and field, e.g. `case_…/form`."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self._cipher.encrypt(text, aad=record)

    def open(self, record: str, sealed: bytes) -> Any:
        return json.loads(self._cipher.decrypt(sealed, aad=record))
