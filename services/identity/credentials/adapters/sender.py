"""Messages through notification, in identity's name."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from services.identity.credentials.domain.messages import LOCALES, TEXTS
from shared_components.kernel.errors import NotFound

CHANNEL = "email"
CALL_TIMEOUT_S = 10.0
TEMPLATE_UNKNOWN = "notification.template-unknown"


class BusCodeSender:
    """Satisfies CodeSender. client: of the service; notification keeps texts for each tenant."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(
        self, *, tenant: str, address: str, locale: str, template: str, values: Mapping[str, str], key: str,
    ) -> None:
        notification = self._client.with_context(None, tenant=tenant).notification
        message = {"template_code": template, "channel": CHANNEL, "address": address, "values": dict(values),
                   "locale": locale}
        try:
            notification.send(**message, op_id=key, timeout_s=CALL_TIMEOUT_S)
        except NotFound as error:
            if error.code != TEMPLATE_UNKNOWN:
                raise
            self._put_templates(notification, tenant, template)
            notification.send(**message, op_id=f"{key}/2", timeout_s=CALL_TIMEOUT_S)

    @staticmethod
    def _put_templates(notification: Any, tenant: str, template: str) -> None:
        for locale in LOCALES:
            subject, body = TEXTS[template, locale]
            digest = hashlib.sha256(f"{tenant}/{template}/{locale}/{subject}/{body}".encode()).hexdigest()
            notification.put_template(
                template_code=template, channel=CHANNEL, locale=locale, subject=subject, body=body,
                op_id=f"template/{digest[:32]}", timeout_s=CALL_TIMEOUT_S)
