"""R12, short: a channel's words in every order there is, each twice, end in one state."""
from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from services.payment.channels.domain.channel import PaymentStatus
from services.payment.orders.usecases.scheduled import push_refunds, query_unanswered
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.steps import apply, ask_refund, books, failed_word, make_order, order_of, paid_word, start
from tests.unit.payment.world import FakeChannels, SqlTransactions


def payment_words(order_id: str) -> list[Any]:
    """Paid, paid told under another event, failed, and money of a second trade."""
    return [
        paid_word(order_id), paid_word(order_id, event=f"{order_id}/retold"), failed_word(order_id),
        paid_word(order_id, trade="t2"),
    ]


def refund_words(order_id: str, refund: Any, trade_no: str) -> list[Any]:
    def word(event: str, kind: str, amount_minor: int) -> Any:
        return paid_word(
            order_id, event=f"{order_id}/{event}", kind=kind, refund_id=refund["refund_id"], trade_no=trade_no,
            amount_minor=amount_minor,
        )

    return [word("r1", "refund-succeeded", 600), word("r2", "refund-succeeded", 600), word("r3", "refund-changed", 0)]


def told(transactions: Any, words: list[Any], grouped: bool) -> None:
    """Each word twice, one by one or all in one group."""
    for group in ([[*words, *words]] if grouped else [[word] for word in (*words, *words)]):
        assert not [reply for reply in apply(transactions, *group) if isinstance(reply, AppError)]


def ending(transactions: Any, order_id: str) -> dict[str, Any]:
    order = order_of(transactions, order_id)
    return {
        **{name: order[name] for name in ("state", "paid_minor", "refunded_minor", "refund_available_minor")},
        **books(transactions),
    }


def lived(
    transactions: Any, channels: FakeChannels, first: tuple[int, ...], then: tuple[int, ...], grouped: bool
) -> Any:
    order_id = make_order(transactions)
    start(transactions, order_id)
    channels.sandbox.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    words = payment_words(order_id)
    told(transactions, [words[index] for index in first], grouped)
    push_refunds(transactions, transactions.channels)
    refund = ask_refund(transactions, order_id, 600, available=1000)
    with transactions.begin() as tx:
        trade_no = tx.channel_payments.that_paid(order_id).trade_no
    again = [*words, *refund_words(order_id, refund, trade_no)]
    told(transactions, [again[index] for index in then], grouped)
    push_refunds(transactions, transactions.channels)
    query_unanswered(transactions, transactions.channels)
    return ending(transactions, order_id)


EXPECTED = {
    "state": "partially_refunded", "paid_minor": 1000, "refunded_minor": 600, "refund_available_minor": 400,
    "channel-clearing/sandbox": 400, "fiscal-payable/1133010600000030X3": -400, "refunds-payable": 0, "suspense": 0,
}


@pytest.mark.parametrize("grouped", [False, True])
def test_every_order_of_a_payment_s_words_ends_alike(clock: FixedClock, grouped: bool) -> None:
    for first in permutations(range(4)):
        channels = FakeChannels()
        assert lived(MemoryTransactions(clock, [], channels), channels, first, (4, 5, 6), grouped) == EXPECTED, first


@pytest.mark.parametrize("grouped", [False, True])
def test_every_order_of_a_refund_s_words_among_old_ones_ends_alike(clock: FixedClock, grouped: bool) -> None:
    for then in permutations((0, 3, 4, 5, 6)):
        channels = FakeChannels()
        assert lived(MemoryTransactions(clock, [], channels), channels, (0, 1, 2, 3), then, grouped) == EXPECTED, then


@pytest.mark.parametrize("first", [(3, 2, 0, 1), (2, 3, 1, 0), (0, 3, 2, 1)])
def test_the_same_on_a_database(
    sql_transactions: SqlTransactions, channels: FakeChannels, first: tuple[int, ...]
) -> None:
    assert lived(sql_transactions, channels, first, (6, 5, 0, 4, 3), True) == EXPECTED
