"""An app has events of the last days sent again, the oldest first."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from zhongtai_client import Client
from zhongtai_client.errors.payment import DeliveryUnknown
from zhongtai_client.event_replay import resend_since

from shared_components.testing.stub.running import contracts_of, running_stub

SINCE = datetime(2026, 1, 2, tzinfo=UTC)


def test_what_was_sent_since_a_time_is_sent_again() -> None:
    with running_stub(contracts_of(("payment",))) as stub, Client(stub.url, timeout_s=20) as client:
        sample = stub.stub("payment.list_deliveries").example()["items"][0]
        rows = [("whd_3", "delivered", 2), ("whd_2", "pending", 1), ("whd_1", "failed", 0), ("whd_0", "failed", -1)]
        stub.stub("payment.list_deliveries").returns(next=None, items=[
            {**sample, "delivery_id": delivery_id, "state": state,
             "created_at": (SINCE + timedelta(hours=hours)).isoformat()} for delivery_id, state, hours in rows])
        assert resend_since(client.payment, SINCE, webhook_id="whk_1") == 2
        assert [call.request["delivery_id"] for call in stub.calls("payment.resend_webhook")] == ["whd_1", "whd_3"]
        (listed,) = stub.calls("payment.list_deliveries")
        assert listed.request["webhook_id"] == "whk_1"


def test_a_refusal_is_the_app_s_to_handle() -> None:
    with running_stub(contracts_of(("payment",))) as stub, Client(stub.url, timeout_s=20) as client:
        sample = stub.stub("payment.list_deliveries").example()["items"][0]
        stub.stub("payment.list_deliveries").returns(next=None, items=[
            {**sample, "state": "failed", "created_at": SINCE.isoformat()}])
        stub.stub("payment.resend_webhook").fails("payment.delivery-unknown")
        with pytest.raises(DeliveryUnknown):
            resend_since(client.payment, SINCE)
