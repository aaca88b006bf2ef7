"""Payment and the gateway as one platform, three providers around it. Run as a program.

Arguments: broker URL, database URL, folder of the keys, the port of the gateway, and the providers' base URLs as JSON.
Prints what happened as one line of JSON.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch(asyncio_hub=True)  # the gateway is in this process

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from services.payment.orders.domain import backoff  # noqa: E402
from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.configuration.loading import load_configuration  # noqa: E402
from shared_components.runtime.migrations import migrate_services  # noqa: E402
from shared_components.runtime.platform import Platform  # noqa: E402
from tests.unit.payment.channels.story import Story, kit_of, section  # noqa: E402
from tests.unit.payment.webhooks.receiver import receiver  # noqa: E402
from tests.unit.payment.world import FEE_ITEM  # noqa: E402

PATIENCE_S = 20


def main(broker_url: str, database_url: str, folder: str, port: str, providers: str) -> None:
    backoff.FIRST_WAIT_S = backoff.LONGEST_WAIT_S = 3600  # what happens here happens by callback
    base_urls = json.loads(providers)
    sections = {name: section(name, Path(folder), url, int(port)) for name, url in base_urls.items()}
    settings = Path(folder) / "zhongtai.yaml"
    settings.write_text(json.dumps({
        "security": {"master_key_file": f"{folder}/master.key"}, "http": {"port": int(port)},
        "log": {"level": "error"}, "services": {"payment": {**sections, "webhooks": {"allow_loopback": True}}},
    }))
    urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
    configuration = load_configuration(settings, environ=urls)
    migrate_services(database_url, ("payment",))
    platform = Platform(configuration, ["payment", "gateway"])
    platform.start()
    try:
        with BusClient.from_configuration(configuration, caller="operator") as operator, receiver() as endpoint:
            operator.payment.put_fee_item(**FEE_ITEM)
            operator.payment.put_webhook(url=endpoint.url, events=["order-paid", "order-refunded"])
            kits = {name: kit_of(name, url, sections[name]) for name, url in base_urls.items()}
            seen: dict[str, Any] = {name: Story(kit, int(port), operator).tell() for name, kit in kits.items()}
            seen["deliveries"] = sorted(deliveries(operator))
            seen["balanced"] = operator.payment.trial_balance()["balanced"]
    finally:
        clean = platform.stop()
    sys.stdout.write(json.dumps({**seen, "clean": clean}, ensure_ascii=False) + "\n")


def deliveries(operator: BusClient) -> set[str]:
    """The states in which they are, once all are delivered, or when it has taken too long."""
    end = time.monotonic() + PATIENCE_S
    while True:
        found = operator.payment.list_deliveries(limit=100)["items"]
        states = {each["state"] for each in found}
        if (len(found) >= 6 and states == {"delivered"}) or time.monotonic() > end:
            return states
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
