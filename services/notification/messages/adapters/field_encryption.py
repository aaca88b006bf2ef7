"""Personal fields of a message, encrypted with the message's id as additional data."""
from __future__ import annotations

import orjson

from services.notification.messages.domain.message import Message
from shared_components.security import Secrets


class FieldEncryption:
    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal_content(self, message: Message) -> bytes:
        """One ciphertext for subject and body."""
        content = orjson.dumps([message.subject, message.body]).decode()
        return self._secrets.fields.encrypt(content, aad=_aad(message.message_id, "content"))

    def open_content(self, sealed: bytes, message_id: str) -> tuple[str | None, str]:
        """(subject, body). Raises Undecryptable."""
        subject, body = orjson.loads(self._secrets.fields.decrypt(sealed, aad=_aad(message_id, "content")))
        return subject, body

    def seal_address(self, message: Message) -> bytes | None:
        if message.address is None:
            return None
        return self._secrets.fields.encrypt(message.address, aad=_aad(message.message_id, "address"))

    def open_address(self, sealed: bytes | None, message_id: str) -> str | None:
        """Raises Undecryptable."""
        return None if sealed is None else self._secrets.fields.decrypt(sealed, aad=_aad(message_id, "address"))

    def address_index(self, message: Message) -> str | None:
        """A keyed hash, equal for equal addresses of a tenant and channel."""
        if message.address is None:
            return None
        return self._secrets.blind_index(message.tenant, message.channel, message.address.lower())


def _aad(message_id: str, field: str) -> str:
    return f"{message_id}/{field}"
