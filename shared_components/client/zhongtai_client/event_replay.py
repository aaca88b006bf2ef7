"""Events of the last days once more, after a failure of the app: `resend_since(client.payment, since)`."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared_components.kernel.dates import parse_time

PAGE = 100
PENDING = "pending"


def resend_since(service: Any, since: datetime, *, webhook_id: str | None = None) -> int:
    """Have the platform send again what it sent since a time; gives how many deliveries.

    service: `client.payment` or `client.notification` of Client. since: aware. webhook_id: None for all of the app.
    Event ids stay, so an inbox drops what was handled. The platform keeps deliveries for 90 days; those that are still
    to be sent are left as they are. Raises the AppError of `list_deliveries` and `resend_webhook`.
    """
    # All ids first: the list is by age, and what is sent again does not move in it.
    chosen = [one["delivery_id"] for one in _deliveries(service, since, webhook_id) if one["state"] != PENDING]
    for delivery_id in reversed(chosen):
        service.resend_webhook(delivery_id=delivery_id)
    return len(chosen)


def _deliveries(service: Any, since: datetime, webhook_id: str | None) -> Iterator[Mapping[str, Any]]:
    """Newest first, as the platform lists them."""
    after: str | None = None
    while True:
        page = service.list_deliveries(limit=PAGE, after=after, webhook_id=webhook_id)
        for one in page["items"]:
            if parse_time(one["created_at"]) < since:
                return
            yield one
        after = page["next"]
        if after is None:
            return
