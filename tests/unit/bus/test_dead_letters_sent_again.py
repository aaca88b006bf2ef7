"""Which dead letters are worth sending again: events, never calls, however they were published."""
from __future__ import annotations

import pytest

from shared_components.bus import names
from shared_components.bus.inspect import DeadLetter


@pytest.mark.parametrize(("exchange", "routing_key", "again"), [
    (names.event_exchange("payment"), "order-paid", True),
    ("", names.event_queue("matter", "on_order_paid"), True),  # by a retry queue, or the broker's delivery limit
    (names.RPC_EXCHANGE, "payment.calls", False),
    ("", names.rpc_queue("payment"), False),  # straight to the queue, or the broker's delivery limit
    ("", "", False),
])
def test_a_call_is_never_sent_again(exchange: str, routing_key: str, again: bool) -> None:
    letter = DeadLetter("tag", "msg_1", "bus.malformed-message", "", exchange, routing_key, 1, None)
    assert letter.is_event is again
