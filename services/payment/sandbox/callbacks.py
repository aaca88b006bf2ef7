"""Tell the merchant what happened, by signed HTTP, again and again until it says that it has heard."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from shared_components.devstack.signed_callbacks import CallbackFaults, SignedCallbacks
from shared_components.kernel.ids import new_id


@dataclass(frozen=True)
class Faults(CallbackFaults):
    """refund_failure: probability 0–1 that a refund fails. refund_s: how long a refund takes."""

    refund_s: float = 0
    refund_failure: float = 0


class Callbacks(SignedCallbacks):
    """key_id: the merchant's id; key: the secret shared with the merchant."""

    def __init__(self, *, key_id: str, key: bytes, faults: Faults) -> None:
        super().__init__(key_id=key_id, key=key, faults=faults)
        self.faults = faults

    def notify(self, url: str, event: dict[str, Any]) -> None:
        """Send it in the background; its event id is the same in every copy and retry."""
        occurred_at = datetime.now(UTC).isoformat()
        body = orjson.dumps({
            "event_id": new_id("evt"), "merchant_id": self.key_id, "occurred_at": occurred_at, **event,
        })
        for delay_s in self.delays_s(self.faults):
            self.run(self.deliver(url, body, delay_s))
