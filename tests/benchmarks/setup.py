"""Data that the services must have before they are measured."""
from __future__ import annotations

from shared_components.bus.client.blocking import BusClient
from tests.benchmarks.load.requests import FEE_ITEM, PRICE_MINOR


def prepare_payment(operator_url: str, tenant: str) -> None:
    """A fee item of the app's tenant, to order."""
    with BusClient(operator_url, tenant=tenant, timeout_s=30) as client:
        client.payment.put_fee_item(
            item_code=FEE_ITEM, name="驾驶证工本费", collecting_unit="1133010600000030X3", unit="证",
            price_minor=PRICE_MINOR, division="330106",
        )  # fmt: skip
