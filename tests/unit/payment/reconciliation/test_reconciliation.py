"""Orders and refunds, ledger, statement: what agrees, what does not, what the channel can settle, what people must."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.payment.channels.domain.channel import PaymentStatus, RefundStatus
from services.payment.channels.domain.errors import ChannelNotConfigured
from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.orders.domain import postings
from services.payment.orders.domain.payment import SETTLED, ChannelPayment
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.orders.usecases.scheduled import push_refunds
from services.payment.reconciliation.domain.errors import (
    DifferenceResolved,
    DifferenceUnknown,
    StatementTooLarge,
    StatementUnknown,
)
from services.payment.reconciliation.schemas.differences import Differences, ListDifferences
from services.payment.reconciliation.schemas.reconciliation import Reconcile, Reconciliation
from services.payment.reconciliation.usecases import find_statement, reconcile_small_day
from services.payment.reconciliation.usecases import reconcile as reconciling
from services.payment.reconciliation.usecases.differences import ResolveDifference, list_differences, resolve_difference
from shared_components.kernel.clock import FixedClock
from tests.outcomes import done
from tests.unit.payment.reconciliation.statements import (
    DAY,
    bring,
    classes,
    compare,
    differences,
    payment,
    refund,
    statement,
)
from tests.unit.payment.steps import (
    apply,
    ask_refund,
    books,
    make_order,
    make_paid_order,
    order_of,
    paid_word,
    refund_of,
    start,
)
from tests.unit.payment.world import OTHER_TENANT, TENANT, FakeChannel, FakeChannels, call, fee_item_call, order_call


def resolve(transactions: Any, difference_id: str, note: str = "与渠道核对", tenant: str = TENANT) -> Any:
    with transactions.begin(tenant) as tx:
        wanted = call(ResolveDifference(difference_id, note), tenant=tenant, caller="operator")
        return resolve_difference(tx, *wanted)


def pages(transactions: Any, **wanted: Any) -> list[Any]:
    found, after = [], None
    while True:
        with transactions.begin(TENANT) as tx:
            request = ListDifferences().load({"limit": 2, "after": after, **wanted})
            reply = list_differences(tx, *call(request))
        found += Differences().dump(reply)["items"]
        after = reply.next
        if after is None:
            return found


def refunded_order(transactions: Any, amount_minor: int = 400) -> tuple[str, str]:
    order_id = make_paid_order(transactions)
    refund_id = str(ask_refund(transactions, order_id, amount_minor, available=1000)["refund_id"])
    push_refunds(transactions, transactions.channels)
    return order_id, refund_id


def test_what_agrees_is_matched_and_leaves_no_work(transactions: Any) -> None:
    order_id, refund_id = refunded_order(transactions)
    bring(transactions, payment(order_id), refund(order_id, refund_id, 400))
    result = compare(transactions)
    assert classes(result) == {("payment", "matched"): (1, 1000, 1000), ("refund", "matched"): (1, 400, 400)}
    assert (result["open_count"], result["asked_count"], differences(transactions)) == (0, 0, [])
    Reconciliation().dump(result)


def test_a_lost_callback_is_settled_by_asking_the_channel(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    bring(transactions, payment(order_id))
    result = compare(transactions)
    assert (result["asked_count"], result["open_count"]) == (1, 0)
    assert classes(result) == {("payment", "matched"): (1, 1000, 1000)}
    assert order_of(transactions, order_id)["state"] == "paid"
    assert books(transactions)["channel-clearing/sandbox"] == 1000
    (settled,) = differences(transactions)
    assert (settled.class_, settled.state, settled.resolved_by) == ("missing_here", "resolved", "reconciliation")


def test_money_of_which_not_even_the_start_is_known_is_taken_too(transactions: Any, channel: FakeChannel) -> None:
    """The process died between the channel's prepay and our own record of it."""
    order_id = make_order(transactions)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    bring(transactions, payment(order_id))
    assert compare(transactions)["open_count"] == 0
    assert order_of(transactions, order_id)["state"] == "paid"


def test_money_for_a_closed_order_goes_to_suspense_and_back(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    with transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    bring(transactions, payment(order_id))
    assert classes(compare(transactions)) == {("payment", "matched"): (1, 1000, 1000)}
    assert order_of(transactions, order_id)["state"] == "closed"
    assert books(transactions)["refunds-payable"] == -1000
    push_refunds(transactions, transactions.channels)
    assert books(transactions)["channel-clearing/sandbox"] == 0


def test_a_refunds_lost_callback_is_settled_by_asking_the_channel(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_paid_order(transactions)
    refund_id = str(ask_refund(transactions, order_id, 400, available=1000)["refund_id"])
    channel.done_refunds[refund_id] = RefundStatus("succeeded")
    bring(transactions, payment(order_id), refund(order_id, refund_id, 400))
    assert classes(compare(transactions)) == {
        ("payment", "matched"): (1, 1000, 1000), ("refund", "matched"): (1, 400, 400),
    }
    assert refund_of(transactions, refund_id)["state"] == "succeeded"
    assert differences(transactions)[0].class_ == "status_differs"


def test_a_silent_channel_leaves_work_that_the_next_run_settles(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    channel.down = True
    bring(transactions, payment(order_id))
    result = compare(transactions)
    assert (result["open_count"], classes(result)) == (1, {("payment", "missing_here"): (1, 1000, 0)})
    channel.down = False
    clock.advance(timedelta(minutes=1))
    assert compare(transactions)["open_count"] == 0


def test_a_channel_that_cannot_be_asked_leaves_work(
    transactions: Any, channels: FakeChannels, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = make_order(transactions)
    bring(transactions, payment(order_id))

    def unconfigured(_name: str) -> Any:
        raise ChannelNotConfigured("channel 'sandbox' has no settings")

    monkeypatch.setattr(channels, "named", unconfigured)
    result = compare(transactions)
    assert (result["asked_count"], result["open_count"]) == (0, 1)


def test_money_for_an_order_that_nobody_knows_is_work(transactions: Any, channel: FakeChannel) -> None:
    bring(transactions, payment("pay_unknown"), refund("pay_unknown", "ref_unknown", 5))
    result = compare(transactions)
    assert classes(result) == {("payment", "missing_here"): (1, 1000, 0), ("refund", "missing_here"): (1, 5, 0)}
    assert channel.asked == []
    first, second = pages(transactions)
    assert (first["there"]["amount_minor"], first["here"], first["order"]) == (1000, None, None)
    assert (second["kind"], second["there"]["line"], second["ledger_minor"]) == ("refund", 4, None)


def test_a_second_trade_for_one_order_is_work_when_the_channel_does_not_tell_of_it(
    transactions: Any, channel: FakeChannel
) -> None:
    order_id = make_paid_order(transactions)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    bring(transactions, payment(order_id), payment(order_id, trade="t2"))
    assert classes(compare(transactions)) == {
        ("payment", "matched"): (1, 1000, 1000), ("payment", "missing_here"): (1, 1000, 0),
    }
    apply(transactions, paid_word(order_id, trade="t2"))
    assert classes(compare(transactions)) == {("payment", "matched"): (2, 2000, 2000)}


def test_money_that_the_statement_lacks_is_missing_there_until_a_later_one_has_it(
    transactions: Any, clock: FixedClock
) -> None:
    """Taken at midnight: our clock says today, the channel's tomorrow."""
    order_id, refund_id = refunded_order(transactions)
    bring(transactions)
    assert classes(compare(transactions)) == {
        ("payment", "missing_there"): (1, 0, 1000), ("refund", "missing_there"): (1, 0, 400),
    }
    clock.advance(timedelta(days=1))
    tomorrow = DAY + timedelta(days=1)
    lines = [payment(order_id), refund(order_id, refund_id, 400)]
    bring(
        transactions, *(line._replace(occurred_at=line.occurred_at + timedelta(days=1)) for line in lines), day=tomorrow
    )
    assert compare(transactions, tomorrow)["open_count"] == 0
    again = compare(transactions)
    assert (again["open_count"], classes(again)) == (0, {})
    assert {each.state for each in differences(transactions)} == {"resolved"}


def test_what_we_heard_of_a_day_late_is_not_missing_the_next_day(transactions: Any, clock: FixedClock) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    bring(transactions, payment(order_id))
    clock.advance(timedelta(days=1))
    apply(transactions, paid_word(order_id))
    assert classes(compare(transactions)) == {("payment", "matched"): (1, 1000, 1000)}
    tomorrow = DAY + timedelta(days=1)
    bring(transactions, day=tomorrow)
    assert classes(compare(transactions, tomorrow)) == {}


@pytest.mark.parametrize(("line", "expected"), [
    ({"amount_minor": 999}, "amount_differs"), ({"currency": "USD"}, "amount_differs"),
    ({"status": "failed"}, "status_differs"), ({"order_id": "pay_other"}, "status_differs"),
    ({"status": "processing"}, "status_differs"), ({}, "matched"),
])
def test_payments_are_compared_in_amount_and_status(transactions: Any, line: dict[str, Any], expected: str) -> None:
    order_id = make_paid_order(transactions)
    bring(transactions, payment(order_id)._replace(**line))
    result = compare(transactions)
    assert list(classes(result)) == [("payment", expected)]
    assert result["open_count"] == (expected != "matched")


@pytest.mark.parametrize(("line", "expected"), [
    ({"amount_minor": 399}, "amount_differs"), ({"status": "failed"}, "status_differs"),
    ({"status": "processing"}, "matched"), ({}, "matched"),
])
def test_refunds_are_compared_in_amount_and_status(transactions: Any, line: dict[str, Any], expected: str) -> None:
    order_id, refund_id = refunded_order(transactions)
    bring(transactions, payment(order_id), refund(order_id, refund_id, 400)._replace(**line))
    assert ("refund", expected) in classes(compare(transactions))


def test_the_books_are_the_third_side(transactions: Any) -> None:
    """What only a fault of ours or a hand in the database can do: a record that the ledger does not bear out."""
    order_id = make_paid_order(transactions)
    late = make_order(transactions)
    with transactions.begin(TENANT) as tx:
        order = tx.orders.lock([late])[late]
        tx.orders.mark_paid([late], tx.clock.now())
        paid = tx.channel_payments.that_paid(order_id)
        assert paid is not None
        tx.channel_payments.add([replace(paid, trade_no=f"{late}/t1", order_id=late)])
    bring(transactions, payment(order_id), payment(late))
    assert classes(compare(transactions)) == {
        ("payment", "matched"): (1, 1000, 1000), ("payment", "missing_here"): (1, 1000, 1000),
    }
    with transactions.begin(TENANT) as tx:
        tx.ledger.post([replace(postings.order_paid(order, "sandbox", tx.clock.now()), amount_minor=999)])
    assert classes(compare(transactions)) == {
        ("payment", "matched"): (1, 1000, 1000), ("payment", "amount_differs"): (1, 1000, 1000),
    }
    (found,) = pages(transactions, **{"class": "amount_differs"})
    assert (found["there"]["amount_minor"], found["here"]["amount_minor"], found["ledger_minor"]) == (1000, 1000, 999)


def test_the_order_itself_is_compared_too(transactions: Any) -> None:
    """Statement, record and ledger agree, and the order was paid with another amount."""
    order_id = make_order(transactions)
    with transactions.begin(TENANT) as tx:
        order = tx.orders.lock([order_id])[order_id]
        tx.orders.mark_paid([order_id], tx.clock.now())
        tx.channel_payments.add([ChannelPayment(
            "sandbox", f"{order_id}/t1", TENANT, order_id, 999, "CNY", SETTLED, tx.clock.now())])
        tx.ledger.post([replace(postings.order_paid(order, "sandbox", tx.clock.now()), amount_minor=999)])
    bring(transactions, payment(order_id, amount_minor=999))
    assert classes(compare(transactions)) == {("payment", "amount_differs"): (1, 999, 999)}


def test_a_refund_on_its_way_on_both_sides_is_matched(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    refund_id = str(ask_refund(transactions, order_id, 400, available=1000)["refund_id"])
    bring(transactions, payment(order_id), refund(order_id, refund_id, 400, status="processing"))
    assert classes(compare(transactions))[("refund", "matched")] == (1, 400, 400)


def test_running_again_changes_nothing(transactions: Any) -> None:
    order_id, refund_id = refunded_order(transactions)
    bring(
        transactions,
        payment(order_id, amount_minor=7),
        payment("pay_x"),
        refund(order_id, refund_id, 400, status="failed"),
    )
    first, found = compare(transactions), differences(transactions)
    assert first["open_count"] == 3
    assert compare(transactions) == first
    assert differences(transactions) == found


def test_differences_are_shown_by_class_state_day_and_page(transactions: Any) -> None:
    order_id, refund_id = refunded_order(transactions)
    bring(transactions, *(payment(f"pay_{number}") for number in range(5)), refund(order_id, refund_id, 4))
    compare(transactions)
    assert len(pages(transactions)) == 7
    assert len(pages(transactions, **{"class": "missing_here"})) == 5
    assert len(pages(transactions, **{"class": "missing_there"})) == 1
    assert len(pages(transactions, date="2025-06-02", channel="sandbox", state="open")) == 7
    assert (
        pages(transactions, date="2025-06-01")
        == []
        == pages(transactions, channel="wechat")
        == pages(transactions, state="resolved")
    )


def test_a_person_resolves_with_a_note_and_it_stays_so(transactions: Any) -> None:
    bring(transactions, payment("pay_x"))
    compare(transactions)
    (found,) = differences(transactions)
    done = resolve(transactions, found.difference_id)
    assert (done["state"], done["note"], done["resolved_by"]) == ("resolved", "与渠道核对", "operator")
    assert compare(transactions)["open_count"] == 0
    assert differences(transactions)[0].note == "与渠道核对"
    with pytest.raises(DifferenceResolved):
        resolve(transactions, found.difference_id)


def test_a_resolved_difference_opens_again_when_its_facts_change(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    bring(transactions, payment(order_id, amount_minor=7))
    compare(transactions)
    resolve(transactions, differences(transactions)[0].difference_id)
    bring(transactions, payment(order_id, amount_minor=8), supersede=True)
    assert compare(transactions)["open_count"] == 1
    (found,) = differences(transactions)
    assert (found.there_minor, found.note, found.resolved_by, found.resolved_at) == (8, None, None, None)


def test_a_superseding_statement_settles_what_only_the_old_one_said(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    bring(transactions, payment(order_id, amount_minor=7), payment("pay_x"))
    assert compare(transactions)["open_count"] == 2
    bring(transactions, payment(order_id), supersede=True)
    assert compare(transactions)["open_count"] == 0
    assert {each.state for each in differences(transactions)} == {"resolved"}


def test_a_line_that_only_a_superseded_statement_had_is_missing_there(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    bring(transactions, payment(order_id))
    assert compare(transactions)["open_count"] == 0
    bring(transactions, supersede=True)
    assert classes(compare(transactions)) == {("payment", "missing_there"): (1, 0, 1000)}


def test_what_had_settled_itself_and_is_back_is_open_again(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    for extra, state in (((payment("pay_x"),), "open"), ((), "resolved"), ((payment("pay_x"),), "open")):
        bring(transactions, payment(order_id), *extra, refund("pay_y", f"ref_{state}", 1), supersede=True)
        compare(transactions)
        assert {each.state for each in differences(transactions) if each.order_id == "pay_x"} == {state}


def test_another_tenants_lines_are_counted_and_not_shown(transactions: Any, channel: FakeChannel) -> None:
    """Two departments behind one account at the channel."""
    mine = make_paid_order(transactions)
    with transactions.begin(OTHER_TENANT) as tx:
        put_fee_item(tx, *fee_item_call(OTHER_TENANT))
        paid, unpaid = (done(each)["order_id"] for each in create_orders(tx, [order_call(OTHER_TENANT)] * 2))
    apply(transactions, paid_word(paid, tenant=OTHER_TENANT))
    bring(transactions, payment(mine), payment(paid), payment(unpaid), refund(paid, "ref_theirs", 1))
    assert classes(compare(transactions)) == {
        ("payment", "matched"): (1, 1000, 1000), ("payment", "others"): (2, 2000, 0), ("refund", "others"): (1, 1, 0),
    }
    assert differences(transactions) == [] and channel.asked == [("prepay", mine)]
    bring(transactions, payment(mine), payment(paid), payment(unpaid), tenant=OTHER_TENANT)
    theirs = compare(transactions, tenant=OTHER_TENANT)
    assert classes(theirs)[("payment", "others")] == (1, 1000, 0)
    (found,) = differences(transactions, OTHER_TENANT)
    assert found.order_id == unpaid
    with pytest.raises(DifferenceUnknown):
        resolve(transactions, found.difference_id)


def test_a_day_without_statement_cannot_be_reconciled(transactions: Any) -> None:
    with pytest.raises(StatementUnknown, match="import one first"):
        compare(transactions)
    with pytest.raises(StatementUnknown):
        find_statement.statements_of(transactions, TENANT, DAY)
    bring(transactions)
    assert [each.channel for each in find_statement.statements_of(transactions, TENANT, DAY)] == ["sandbox"]


def test_a_call_takes_a_small_day_and_names_the_command_for_a_large_one(
    transactions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(transactions, payment("pay_1"), payment("pay_2"))
    wanted = call(Reconcile().load({"channel": "sandbox", "date": "2025-06-02"}))
    assert reconcile_small_day.reconcile_small_day(transactions, transactions.channels, *wanted)["open_count"] == 2
    monkeypatch.setattr(reconcile_small_day, "CALL_LINES", 1)
    with pytest.raises(StatementTooLarge, match="zhongtai payment reconcile 2025-06-02 --channel sandbox"):
        reconcile_small_day.reconcile_small_day(transactions, transactions.channels, *wanted)


def test_small_pieces_give_what_one_piece_gives(
    transactions: Any, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also: questions are put a page at a time and never above the limit."""
    monkeypatch.setattr(reconciling, "PIECE_LINES", 3)
    monkeypatch.setattr(reconciling, "ASK_PAGE", 2)
    orders = [make_order(transactions) for _ in range(8)]
    for order_id in orders:
        start(transactions, order_id)
        channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    channel.asked.clear()
    bring(transactions, *map(payment, orders))
    told: list[int] = []
    result = reconciling.reconcile(
        transactions, transactions.channels, statement(transactions), ask_limit=5, progress=told.append
    )
    assert (result["asked_count"], len(channel.asked), result["open_count"]) == (5, 5, 3)
    assert told[-1] == 10 and told == sorted(told)
    assert classes(result) == {("payment", "matched"): (5, 5000, 5000), ("payment", "missing_here"): (3, 3000, 0)}
    assert compare(transactions)["open_count"] == 0
