"""A carrier of text messages that fails for a while, beside a notification service that goes on accepting texts."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import orjson

from shared_components.bus import BusClient
from shared_components.devstack.sandbox import CARRIER_ACCOUNT, carrier_settings, start_carrier
from shared_components.security.request_signing import sign
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.outages import FAILING, PATIENCE_S, Found
from tests.faults.world import World

SECRET = "a-secret-of-the-carrier"
ASKED = ("/v1/messages", "/v1/messages/query")
DONE = ("sent", "delivered")
MOST_OF = 0.95
"""A text that was tried three times while the carrier failed waits up to 40 s for the next try."""
CALL_S = 20


@dataclass
class CarrierWorld:
    world: World
    client: BusClient
    url: str

    def fail(self, **faults: float) -> None:
        body = orjson.dumps(faults)
        signed = sign(body, key_id=CARRIER_ACCOUNT, key=SECRET.encode(), at=datetime.now(UTC))
        httpx.post(f"{self.url}/faults", content=body, headers=signed, trust_env=False).raise_for_status()

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = httpx.get(f"{self.url}/counts", trust_env=False).json()
        return counts

    def tries(self) -> int:
        """How often a text was handed over or asked about, all together."""
        return int(self.world.rows("notification", "SELECT sum(attempts) FROM messages")[0][0])

    def requests(self) -> int:
        """How many requests the carrier has had, each for up to a hundred texts."""
        counts = self.counts()
        return sum(counts.get(path, 0) for path in ASKED)

    def done(self) -> int:
        """How many texts the carrier has: of those that it was asked about it also says that they arrived."""
        states = self.states()
        return sum(states.get(state, 0) for state in DONE)

    def states(self) -> dict[str, int]:
        rows = self.world.rows("notification", "SELECT state, count(*) FROM messages GROUP BY state")
        return {str(state): int(count) for state, count in rows}


@contextmanager
def carrier_world(lab: Lab, name: str) -> Iterator[CarrierWorld]:
    """Nobody takes receipts: a text is done when the carrier has taken it."""
    with lab.world(name, "notification") as world, ExitStack() as stack:
        url = start_carrier(stack, SECRET)
        sms = {"sandbox": carrier_settings(url, SECRET, "http://127.0.0.1:9")}
        world.workers.start("notification", configuration=world.configure(
            "carrier", services={"notification": {"sms": sms}}))
        client = world.client(caller="operator", tenant="transport")
        client.notification.put_template(template_code="told", channel="sms", body="您的申请已办结。", timeout_s=CALL_S)
        yield CarrierWorld(world, client, url)


def text_outage(lab: Lab, name: str, texts: int, outage_s: int) -> Found:
    """Send texts, evenly over the outage."""
    with carrier_world(lab, name) as made:
        made.fail(**FAILING)
        began = time.monotonic()
        for number in range(texts):
            time.sleep(max(0.0, began + number / texts * outage_s - time.monotonic()))
            made.client.notification.send(
                template_code="told", channel="sms", address=str(13800000000 + number), timeout_s=CALL_S)
        time.sleep(max(0.0, began + outage_s - time.monotonic()))
        made.fail(**dict.fromkeys(FAILING, 0.0))
        healed_at = time.monotonic()
        wait_for(lambda: made.done() >= MOST_OF * texts, PATIENCE_S, pause_s=0.5)
        recovered_s = round(time.monotonic() - healed_at, 1)
        wait_for(lambda: made.done() == texts, PATIENCE_S, pause_s=0.5)
        return Found(
            texts, made.tries(), recovered_s, texts - made.done(), {**made.states(), "requests": made.requests()},
            doubled=made.counts()["doubled"], last_s=round(time.monotonic() - healed_at, 1))  # fmt: skip
