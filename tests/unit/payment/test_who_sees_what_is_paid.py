"""Two departments, two citizens, three apps in one shared group: a permit by the method's rule opens each row."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from services.payment.fees.usecases.fee_items import ListFeeItems, list_fee_items
from services.payment.orders.domain.order import Order
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.get_refund import GetRefund, get_refunds
from services.payment.orders.usecases.read_orders import GetOrder, ListOrders, get_orders, list_orders
from services.payment.orders.usecases.refund_order import RefundOrder, refund_order
from services.payment.orders.usecases.start_payment import StartPayment, start_payments
from services.payment.receipts.adapters.pdf import print_receipt
from services.payment.receipts.usecases.read_receipts import GetReceipt, ListReceipts, get_receipts, list_receipts
from services.payment.webhooks.usecases.webhooks import (
    list_deliveries,
    list_webhooks,
    put_webhook,
)
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError, NotFound
from shared_components.kernel.paging import PageView
from shared_components.security.authority import sealed as sealed_rows
from shared_components.security.authority.permits import Permit
from shared_components.webhooks.delivery_log import ListDeliveries, ResendWebhook, resend_webhook
from shared_components.webhooks.keeping import ListWebhooks, PutWebhook, RemoveWebhook, remove_webhook
from tests.acting import citizen
from tests.elsewhere import known_copies
from tests.outcomes import one as outcome_of
from tests.unit.payment.receipts.steps import PDF_PATH
from tests.unit.payment.test_storage import counted
from tests.unit.payment.town import DEPARTMENTS, KEYS, RULES, Key, Town, calls, model, settle
from tests.unit.payment.world import SqlTransactions

Many = Callable[[Any, Sequence[Call[Any]]], Sequence[Any]]


@pytest.fixture(autouse=True)
def copies() -> Iterator[None]:
    with known_copies():
        yield


@pytest.fixture
def town(transactions: Any) -> Town:
    return settle(transactions)


def receipts(tx: Any, asked: Sequence[Call[GetReceipt]]) -> Sequence[Any]:
    return get_receipts(tx, asked, print_receipt, PDF_PATH)


READS: dict[str, tuple[Many, Callable[[Town], dict[Key, str]], Callable[[str], Any], str]] = {
    "get_order": (get_orders, lambda town: town.paid, GetOrder, "order_id"),
    "get_refund": (get_refunds, lambda town: town.refunds, GetRefund, "refund_id"),
    "get_receipt": (receipts, lambda town: town.receipts, GetReceipt, "receipt_id"),
    "get_receipt of an order": (receipts, lambda town: town.paid, lambda i: GetReceipt(order_id=i), "order_id"),
}
LISTS: dict[str, tuple[Many, Callable[..., Any], Callable[[Town], dict[Key, str]], str]] = {
    "list_orders": (list_orders, ListOrders, lambda town: town.open_orders, "order_id"),
    "list_receipts": (list_receipts, ListReceipts, lambda town: town.receipts, "receipt_id"),
    "list_deliveries": (list_deliveries, ListDeliveries, lambda town: town.deliveries, "delivery_id"),
}
WRITES: dict[str, tuple[Callable[[Town], dict[Key, str]], Callable[[Any, str, CallContext], object]]] = {
    "close_order": (lambda town: town.open_orders, lambda tx, i, context: close_order(tx, CloseOrder(i), context)),
    "refund_order": (
        lambda town: town.paid, lambda tx, i, context: refund_order(tx, RefundOrder(i, 1, 900, "测试"), context)),
    "resend_webhook": (
        lambda town: town.deliveries, lambda tx, i, context: resend_webhook(tx, ResendWebhook(i), context)),
}


@pytest.mark.parametrize("read", READS)
def test_each_call_of_a_shared_group_gets_its_own_row_and_no_other(town: Town, read: str) -> None:
    many, things, command, name = READS[read]
    method = read.partition(" ")[0]
    contexts = calls(method)
    asked = [(key, Call(command(thing), context)) for key, thing in things(town).items() for context in contexts]
    with town.transactions.begin() as tx:
        seen = many(tx, [call for _, call in asked])
        unknown = many(tx, [call._replace(data=command("nothing")) for _, call in asked])
    for (key, call), one, nothing in zip(asked, seen, unknown, strict=True):
        if model(call.context, key, method):
            assert one[name] == things(town)[key], (call.context, key)
        else:
            assert isinstance(one, NotFound), (call.context, key)
            assert str(one).replace(things(town)[key], "nothing") == str(nothing) and one.code == nothing.code


def pages(town: Town, many: Many, command: Callable[..., Any], context: CallContext, limit: int) -> Iterator[Any]:
    after = None
    while True:
        with town.transactions.begin() as tx:
            (page,) = many(tx, [Call(command(limit=limit, after=after), context)])
        assert isinstance(page, PageView)
        yield from page.items
        after = page.next
        if after is None:
            return
        assert len(page.items) == limit, "a page is full until the last, though others' rows lie between"


@pytest.mark.parametrize("method", LISTS)
def test_lists_of_a_shared_group_hold_what_the_slow_model_says(town: Town, method: str) -> None:
    many, command, things, name = LISTS[method]
    contexts = calls(method)
    with town.transactions.begin() as tx:
        listed = many(tx, [Call(command(limit=100), context) for context in contexts])
    mine = {thing: key for key, thing in things(town).items()}
    for context, page in zip(contexts, listed, strict=True):
        seen = [mine[item[name]] for item in page.items if item[name] in mine]
        assert sorted(map(str, seen)) == sorted(str(key) for key in KEYS if model(context, key, method)), context


@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("method", LISTS)
def test_pages_are_full_until_the_last(town: Town, method: str, limit: int) -> None:
    many, command, things, name = LISTS[method]
    alone = CallContext("app-a", "police", department="police", rule=RULES[method])
    contexts = [alone, alone._replace(acting=citizen("sub_1"))]
    for context in (one for one in contexts if one in calls(method)):
        seen = {item[name] for item in pages(town, many, command, context, limit)}
        assert {thing for key, thing in things(town).items() if model(context, key, method)} <= seen


def test_webhooks_are_their_apps_and_those_of_all_apps_the_operators(town: Town) -> None:
    contexts = calls("list_webhooks")
    with town.transactions.begin() as tx:
        listed = list_webhooks(tx, [Call(ListWebhooks(limit=100), context) for context in contexts])
    for context, page in zip(contexts, listed, strict=True):
        assert isinstance(page, PageView)
        seen = {(context.tenant, item["app"]) for item in page.items}
        assert seen == {(department, app) for department, app in town.webhooks if department == context.tenant and (
            context.caller in ("operator", "matter") or app in (context.caller, "gateway"))}


def test_fee_items_are_those_of_the_department_that_each_call_names(town: Town) -> None:
    contexts = [context for context in calls("list_fee_items") if context.tenant in DEPARTMENTS]
    with town.transactions.begin() as tx:
        listed = list_fee_items(tx, [Call(ListFeeItems(), context) for context in contexts])
    assert {len(page.items) for page in listed if isinstance(page, PageView)} == {1}


def outcome(do: Callable[..., object], *given: object) -> str:
    """Give what a caller sees of a refusal: category, code and words in both languages."""
    try:
        do(*given)
    except AppError as error:
        return f"{error.category}/{error.code}/{error.message}/{error.message_in('zh')}"
    return "done"


@pytest.mark.parametrize("method", WRITES)
def test_a_write_reaches_what_the_model_says_and_hidden_looks_like_unknown(town: Town, method: str) -> None:
    things, write = WRITES[method]
    before = town.state()
    for context in calls(method):
        for key, thing in things(town).items():
            if model(context, key, method):
                continue
            with town.transactions.begin() as tx:
                hidden = outcome(write, tx, thing, context)
                unknown = outcome(write, tx, "nothing", context)
            assert hidden == unknown.replace("nothing", thing) != "done", (context, key)
    assert town.state() == before
    mine = CallContext("app-a", "police", department="police", rule=RULES[method])
    with town.transactions.begin("police") as tx:
        assert outcome(write, tx, things(town)["police", "app-a", "sub_1"], mine) == "done"


def test_a_payment_is_started_by_those_alone_who_may_see_the_order(town: Town, channels: Any) -> None:
    def begin(order_id: str, context: CallContext) -> str:
        return outcome(lambda: outcome_of(start_payments(
            town.transactions, channels, [Call(StartPayment(order_id), context)])))

    before = town.state()
    for context in calls("start_payment"):
        for key, order_id in town.open_orders.items():
            if not model(context, key, "start_payment"):
                assert begin(order_id, context) == begin("nothing", context).replace("nothing", order_id) != "done"
    assert town.state() == before
    mine = CallContext("app-a", "police", department="police", rule=RULES["start_payment"], acting=citizen("sub_2"))
    assert begin(town.open_orders["police", "app-a", "sub_2"], mine) == "done"


def test_webhooks_of_others_are_neither_changed_nor_removed(town: Town) -> None:
    changes: dict[str, Callable[[Any, str, CallContext], object]] = {
        "put_webhook": lambda tx, i, context: put_webhook(
            tx, PutWebhook("https://hooks.example.org/y", webhook_id=i, rotate_secret=True), context),
        "remove_webhook": lambda tx, i, context: remove_webhook(tx, RemoveWebhook(i), context),
    }
    before = town.state()
    for method, change in changes.items():
        for context in calls(method):
            for (department, app), webhook_id in town.webhooks.items():
                mine = app in (context.caller, "gateway") or context.caller in ("operator", "matter")
                if department != context.tenant or not mine:
                    with town.transactions.begin() as tx:
                        hidden = outcome(change, tx, webhook_id, context)
                        unknown = outcome(change, tx, "nothing", context)
                    assert hidden == unknown.replace("nothing", webhook_id) != "done"
    assert town.state() == before


def test_nothing_is_decrypted_for_a_call_that_may_not_see_the_receipt(
    sql_transactions: SqlTransactions, monkeypatch: pytest.MonkeyPatch,
) -> None:
    town = settle(sql_transactions)
    receipt_id = town.receipts["police", "app-a", "sub_1"]
    stranger = CallContext("app-b", "police", department="police", rule=RULES["get_receipt"])
    with sql_transactions.begin() as tx:
        # As after a lost key: whoever decrypts fails.
        monkeypatch.setattr(tx.receipts._cipher, "decrypt", lambda *_, **__: 1 / 0)
        (seen,) = receipts(tx, [Call(GetReceipt(receipt_id), stranger)])
        assert isinstance(seen, NotFound)
        with pytest.raises(ZeroDivisionError):
            receipts(tx, [Call(GetReceipt(receipt_id), stranger._replace(caller="app-a"))])


STATEMENTS = {"get_order": 2, "get_refund": 1, "get_receipt": 1, "get_receipt of an order": 1}


@pytest.mark.parametrize("read", READS)
def test_a_group_of_reads_takes_the_same_statements_whatever_its_size(
    sql_transactions: SqlTransactions, read: str,
) -> None:
    many, things, command, _ = READS[read]
    town = settle(sql_transactions)
    context = CallContext("operator", "police", rule=RULES[read.partition(" ")[0]])
    ids = [thing for key, thing in things(town).items() if key[0] == "police"]
    for number in (1, len(ids)):
        with counted(sql_transactions) as seen, sql_transactions.begin("police") as tx:
            assert not [one for one in many(tx, [Call(command(i), context) for i in ids[:number]])
                        if isinstance(one, AppError)]
        assert seen.count("SELECT") == STATEMENTS[read]


@pytest.mark.parametrize("read", READS)
def test_without_permits_strangers_would_get_through(
    town: Town, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Show that the tests above hold something."""
    monkeypatch.setattr(sealed_rows, "permit", lambda context, rule, facts, copies: Permit("own", None, facts))
    many, things, command, _ = READS[read]
    method = read.partition(" ")[0]
    asked = [(key, Call(command(thing), context)) for key, thing in things(town).items() for context in calls(method)]
    with town.transactions.begin() as tx:
        seen = many(tx, [call for _, call in asked])
    through = [key for (key, call), one in zip(asked, seen, strict=True)
               if not isinstance(one, AppError) and not model(call.context, key, method)]
    assert len(through) > len(KEYS)


@pytest.mark.parametrize("method", WRITES)
def test_without_permits_strangers_would_change_rows(
    town: Town, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_rows, "permit", lambda context, rule, facts, copies: Permit("own", None, facts))
    things, write = WRITES[method]
    stranger = CallContext("app-b", "police", department="police", rule=RULES[method])
    with town.transactions.begin("police") as tx:
        assert outcome(write, tx, things(town)["police", "app-a", "sub_1"], stranger) == "done"


def test_an_order_is_read_without_the_payers_name(town: Town) -> None:
    with town.transactions.begin() as tx:
        found = tx.orders.read([(CallContext("operator", key[0]), order_id) for key, order_id in town.paid.items()])
    assert all(isinstance(one, Order) and one.payer_name is None and one.lines for one in found)
