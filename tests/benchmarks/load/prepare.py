"""`python -m tests.benchmarks.load.prepare JSON`: make orders, and the channel's signed word that each was paid."""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.security.request_signing import sign  # noqa: E402
from tests.benchmarks.load.drive import Load  # noqa: E402
from tests.benchmarks.load.requests import MERCHANT, order, payment_word, prepared_calls  # noqa: E402
from tests.benchmarks.load.tally import say  # noqa: E402

IN_FLIGHT, TIMEOUT_S = 1024, 60.0


def main(spec: Mapping[str, Any]) -> None:
    """spec: as of load/bus.py, and tenant, secret (shared with the channel), prepared (the file to write)."""
    made: list[str] = []
    with BusClient(spec["url"], tenant=spec["tenant"], timeout_s=TIMEOUT_S) as client:

        def make(n: int) -> None:
            made.append(client.call("payment", "create_order", order(n))["order_id"])

        say(Load([make] * IN_FLIGHT).run(seconds=0, calls=spec["warm_up"] + prepared_calls(spec)))
    with Path(spec["prepared"]).open("w") as file:
        file.writelines(json.dumps(_notification(order_id, spec)) + "\n" for order_id in made)


def _notification(order_id: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    body = payment_word(order_id, spec["tenant"])
    headers = sign(body, key_id=MERCHANT, key=spec["secret"].encode(), at=datetime.now(UTC))
    return {"channel": "sandbox", "headers": headers, "body": body.decode()}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
