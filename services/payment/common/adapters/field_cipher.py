"""The port of field encryption, as repositories use it."""
from __future__ import annotations

from typing import Protocol


class FieldCipher(Protocol):
    """shared_components.security has one."""

    def encrypt(self, text: str, *, aad: str) -> bytes: ...

    def decrypt(self, data: bytes, *, aad: str) -> str: ...
