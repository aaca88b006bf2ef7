from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from services.payment.channels.domain.channel import Notification, PaymentStatus
from services.payment.channels.domain.errors import (
    NotificationMalformed,
    NotificationMismatch,
    NotificationNotAuthentic,
)
from services.payment.orders.domain.errors import OrderUnknown
from services.payment.orders.domain.states import ORDER
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.notifications import apply_notifications
from services.payment.orders.usecases.scheduled import push_refunds, query_unanswered
from tests.outcomes import done
from tests.unit.payment.steps import (
    apply,
    books,
    events_of,
    failed_word,
    make_order,
    make_paid_order,
    order_of,
    paid_word,
    start,
)
from tests.unit.payment.world import OTHER_TENANT, TENANT, UNIT_CODE, FakeChannel, call

CLEARING, PAYABLE = "channel-clearing/sandbox", f"fiscal-payable/{UNIT_CODE}"


def test_money_that_arrives_pays_the_order_and_is_in_the_books(
    transactions: Any, recorded: list[dict[str, Any]]
) -> None:
    order_id = make_order(transactions, reference="case_1")
    start(transactions, order_id)
    assert apply(transactions, paid_word(order_id)) == [{"order_id": order_id, "state": "paid", "applied": True}]
    order = order_of(transactions, order_id)
    assert (order["state"], order["paid_minor"], order["refund_available_minor"]) == ("paid", 1000, 1000)
    assert books(transactions) == {CLEARING: 1000, PAYABLE: -1000}
    assert events_of(recorded, order_id)[-1] == ("order-paid", 3)
    assert recorded[-1]["data"]["reference"] == "case_1"


def test_the_same_word_again_changes_nothing(transactions: Any, recorded: list[dict[str, Any]]) -> None:
    order_id = make_paid_order(transactions)
    events, kept = len(recorded), books(transactions)
    again = apply(transactions, paid_word(order_id), paid_word(order_id))
    with_new_event_id = apply(transactions, paid_word(order_id, event="retold"))
    for reply in (*again, *with_new_event_id):
        assert reply == {"order_id": order_id, "state": "paid", "applied": False}
    assert (len(recorded), books(transactions)) == (events, kept)


def test_twins_in_one_group_count_once(transactions: Any) -> None:
    order_id = make_order(transactions)
    replies = apply(transactions, *[paid_word(order_id)] * 3, paid_word(order_id, event="retold"))
    assert [reply["applied"] for reply in replies] == [True, False, False, False]
    assert books(transactions)[CLEARING] == 1000


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_words_in_any_order_end_in_one_state(transactions: Any, order: tuple[int, ...]) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    words = [failed_word(order_id), failed_word(order_id), paid_word(order_id), paid_word(order_id, event="retold")]
    for position in order:
        apply(transactions, words[position])
    assert order_of(transactions, order_id)["state"] == "paid"
    assert books(transactions) == {CLEARING: 1000, PAYABLE: -1000}


def test_a_word_of_failure_has_the_channel_asked_and_decides_nothing_itself(
    transactions: Any, channel: FakeChannel, recorded: list[dict[str, Any]]
) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    assert apply(transactions, failed_word(order_id)) == [{"order_id": order_id, "state": "pending", "applied": False}]
    channel.payments[order_id] = PaymentStatus("failed")
    query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "failed"
    assert (recorded[-1]["type"], recorded[-1]["data"]["state"]) == ("order-closed", "failed")


def test_failure_and_money_in_one_group_is_paid(transactions: Any, recorded: list[dict[str, Any]]) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    apply(transactions, failed_word(order_id), paid_word(order_id))
    assert events_of(recorded, order_id) == [("order-created", 1), ("payment-started", 2), ("order-paid", 3)]
    query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "paid"


@pytest.mark.parametrize(("field", "value"), [
    ("amount_minor", 999), ("amount_minor", 1001), ("currency", "USD"), ("tenant", OTHER_TENANT),
])
def test_a_word_about_something_else_than_ordered_is_refused(transactions: Any, field: str, value: Any) -> None:
    order_id = make_order(transactions)
    (reply,) = apply(transactions, paid_word(order_id, **{field: value}))
    assert isinstance(reply, NotificationMismatch)
    assert reply.details == {"field": field}
    assert order_of(transactions, order_id)["state"] == "created"
    # The event id is not used up: the true word still counts.
    assert apply(transactions, paid_word(order_id))[0]["applied"]


def test_a_bad_word_does_not_touch_its_neighbours(transactions: Any) -> None:
    first, second = make_order(transactions), make_order(transactions)
    forged = NotificationNotAuthentic()
    with transactions.begin(TENANT) as tx:
        replies = apply_notifications(tx, [
            paid_word(first), forged, paid_word("pay_nowhere"), paid_word(second, amount_minor=1), paid_word(second),
        ])
    assert replies[1] is forged
    assert isinstance(replies[2], OrderUnknown)
    assert isinstance(replies[3], NotificationMismatch)
    assert [done(replies[number])["state"] for number in (0, 4)] == ["paid", "paid"]


def test_money_for_a_closed_order_goes_to_suspense_and_back_by_itself(
    transactions: Any, channel: FakeChannel, recorded: list[dict[str, Any]]
) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    with transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
    assert apply(transactions, paid_word(order_id)) == [{"order_id": order_id, "state": "closed", "applied": True}]
    assert books(transactions) == {CLEARING: 1000, "suspense": 0, "refunds-payable": -1000}
    assert recorded[-1]["type"] == "refund-requested"
    push_refunds(transactions, transactions.channels)
    assert books(transactions) == {CLEARING: 0, "suspense": 0, "refunds-payable": 0}
    assert order_of(transactions, order_id)["state"] == "closed"
    assert (recorded[-1]["type"], recorded[-1]["data"]["kind"]) == ("refund-succeeded", "suspense")


def test_a_second_trade_for_a_paid_order_goes_back_and_the_order_stays_paid(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    assert apply(transactions, paid_word(order_id, trade="t2"))[0] == {
        "order_id": order_id,
        "state": "paid",
        "applied": True,
    }
    push_refunds(transactions, transactions.channels)
    assert books(transactions) == {CLEARING: 1000, PAYABLE: -1000, "suspense": 0, "refunds-payable": 0}
    assert order_of(transactions, order_id)["refund_available_minor"] == 1000


def test_a_word_that_carries_the_wrong_refund_is_refused(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    word = Notification(
        "sandbox", "e9", "refund-succeeded", order_id, TENANT, f"{order_id}/t1", 1000, "CNY", refund_id="ref_none"
    )
    assert apply(transactions, word)[0].code == "payment.refund-unknown"


def test_every_edge_of_the_order_emits_an_event_that_is_declared() -> None:
    from services.payment.service import PaymentService

    assert {edge.event for edge in ORDER.edges} <= {event.type for event in PaymentService.emits}


@pytest.mark.parametrize("name", ["event_id", "order_id", "tenant", "trade_no", "refund_id", "failure"])
def test_a_word_with_a_letter_that_cannot_be_stored_is_malformed_and_alone(transactions: Any, name: str) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    changed: dict[str, Any] = {name: "a\0b"}
    bad, good = apply(transactions, replace(paid_word(order_id), **changed), paid_word(order_id))
    assert isinstance(bad, NotificationMalformed)
    assert name in bad.details["fields"]
    assert good["state"] == "paid"


def test_a_refund_s_word_that_names_no_tenant_is_looked_at_before_anybody_is_asked(transactions: Any) -> None:
    word = paid_word("pay_x", kind="refund-succeeded", refund_id="ref\0", tenant=None)
    assert isinstance(apply(transactions, word)[0], NotificationMalformed)
