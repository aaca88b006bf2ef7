"""Personal fields of a message, encrypted with the message's id as additional data."""
from __future__ import annotations

from typing import Any

import orjson

from services.notification.carriers.domain.carrier import Route
from services.notification.messages.domain.message import Message, SmsContent
from shared_components.security import Secrets


class FieldEncryption:
    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal_content(self, message: Message) -> bytes:
        """One ciphertext for subject, body, and what carriers need of a text."""
        parts: list[Any] = [message.subject, message.body]
        if message.sms is not None:
            parts.append({"values": dict(message.sms.values), "routes": [
                [route.carrier, route.signature, route.template_id, list(route.parameters)]
                for route in message.sms.routes]})
        content = orjson.dumps(parts).decode()
        return self._secrets.fields.encrypt(content, aad=_aad(message.message_id, "content"))

    def open_content(self, sealed: bytes, message_id: str) -> tuple[str | None, str, SmsContent | None]:
        """(subject, body, content of a text). What was purged is empty. Raises Undecryptable."""
        if not sealed:
            return None, "", None
        subject, body, *more = orjson.loads(self._secrets.fields.decrypt(sealed, aad=_aad(message_id, "content")))
        sms = SmsContent([Route(*route) for route in more[0]["routes"]], more[0]["values"]) if more else None
        return subject, body, sms

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
