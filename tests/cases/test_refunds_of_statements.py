"""A refund in a channel's statement is known by its trade and its number together, and the number may be empty."""
# ruff: noqa: F811
from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.payment.reconciliation.adapters.statement_files import StatementFile
from services.payment.reconciliation.domain.errors import StatementMalformed
from services.payment.reconciliation.usecases.find_statement import statement_of
from services.payment.reconciliation.usecases.import_statement import WantedImport, import_statement
from services.payment.reconciliation.usecases.reconcile import reconcile
from shared_components.db import Database, migrate
from tests.unit.payment.conftest import channels, clock, migrated_file, recorded, sql_transactions, transactions  # noqa: F401
from tests.unit.payment.reconciliation.statements import (
    alipay,
    alipay_line,
    bring,
    classes,
    compare,
    differences,
    payment,
    refund,
    wechat,
    wechat_line,
)
from tests.unit.payment.reconciliation.test_reconciliation import refunded_order, resolve
from tests.unit.payment.world import TENANT

FILES = Path(__file__).parent / "files"


def bring_file(transactions: Any, content: bytes, day: date, format: str) -> Any:
    source = StatementFile(BytesIO(content), format)
    return import_statement(transactions, transactions.channels, WantedImport(TENANT, "sandbox", day), source)


@pytest.mark.parametrize(("name", "day", "refunds"), [
    ("alipay-two-refunds.csv", date(2025, 2, 12), [("2021101122001", "1", 300), ("2021101122002", "1", 400)]),
    ("alipay-no-refund-number.csv", date(2025, 2, 11), [("2021101122001", "", 300)]),
])
def test_the_provider_s_own_files_are_taken_whole(transactions: Any, name: str, day: date, refunds: list[Any]) -> None:
    bring_file(transactions, (FILES / name).read_bytes(), day, "alipay")
    result = reconcile(transactions, transactions.channels, statement_of(transactions, TENANT, "sandbox", day))
    total = sum(amount for _, _, amount in refunds)
    assert classes(result) == {("refund", "missing_here"): (len(refunds), total, 0)}
    found = [(each.trade_no, each.number, each.there_minor) for each in differences(transactions)]
    assert found == refunds, "each is a piece of work of its own"


def test_of_two_refunds_with_one_number_each_is_settled_alone(transactions: Any) -> None:
    bring(transactions, refund("pay_1", "1", 300), refund("pay_2", "1", 400))
    compare(transactions)
    first, second = differences(transactions)
    assert (first.difference_id, second.difference_id) == ("sandbox/refund/pay_1/t1/1", "sandbox/refund/pay_2/t1/1")
    resolve(transactions, first.difference_id)
    compare(transactions)
    assert [each.state for each in differences(transactions)] == ["resolved", "open"]


@pytest.mark.parametrize("number", ["1", ""])
def test_one_refund_of_one_trade_comes_once(transactions: Any, number: str) -> None:
    with pytest.raises(StatementMalformed) as caught:
        bring(transactions, refund("pay_1", number, 300), refund("pay_2", number, 300), refund("pay_1", number, 300))
    assert caught.value.details["line"] == 5


def test_our_number_on_another_trade_is_not_our_refund(transactions: Any) -> None:
    order_id, refund_id = refunded_order(transactions)
    bring(transactions, payment(order_id), refund(order_id, refund_id, 400), refund("pay_other", refund_id, 400))
    result = compare(transactions)
    assert classes(result)["refund", "matched"] == (1, 400, 400)
    assert classes(result)["refund", "status_differs"] == (1, 400, 400)
    (other,) = differences(transactions)
    assert (other.trade_no, other.number) == ("pay_other/t1", refund_id)


def test_a_line_on_another_trade_does_not_hide_that_ours_is_missing(transactions: Any) -> None:
    order_id, refund_id = refunded_order(transactions)
    bring(transactions, payment(order_id), refund("pay_other", refund_id, 400))
    found = {each.class_: each.trade_no for each in (compare(transactions), differences(transactions))[1]}
    assert found == {"status_differs": "pay_other/t1", "missing_there": f"{order_id}/t1"}


def test_wechat_s_refunds_are_known_by_their_trade_too(transactions: Any) -> None:
    lines = [
        wechat_line("REFUND", trade=trade, order=f"pay_{trade}", refund="1", refund_state="SUCCESS", amount="0.00",
                    refunded="3.00")
        for trade in ("4200000001", "4200000002")
    ]
    text = wechat(*lines, amounts="0.00", refunds="6.00")
    bring_file(transactions, text.encode(), date(2025, 6, 2), "wechat")
    reconcile(transactions, transactions.channels, statement_of(transactions, TENANT, "sandbox", date(2025, 6, 2)))
    assert [each.trade_no for each in differences(transactions)] == ["4200000001", "4200000002"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_statement_is_read_in_each_encoding_that_channels_write(transactions: Any, encoding: str) -> None:
    text = alipay(
        alipay_line(refund="1", kind="退款", amount="-3.00", fee="0.00"),
        alipay_line(refund="1", kind="退款", amount="-4.00", trade="2025060222002", order="pay_2", fee="0.00"),
        payments=(0, "0.00"), refunds=(2, "-7.00"),
    )
    done = bring_file(transactions, text.encode(encoding), date(2025, 6, 2), "alipay")
    assert (done["refund_count"], done["refunds_minor"]) == (2, 700)


def test_what_was_imported_before_refunds_had_a_trade_goes_on_as_it_was(tmp_sqlite_url: str) -> None:
    migrate(tmp_sqlite_url, "payment", to="0005")
    differences_of_before = [
        {"id": f"alipay/{kind}/{number}", "kind": kind, "number": number}
        for kind, number in (("payment", "trade1"), ("refund", "ref_1"), ("refund", "7"))
    ]
    database = Database(tmp_sqlite_url, "payment")
    with database.transaction(["t"]) as session:
        session.execute(text(
            "INSERT INTO refunds VALUES ('ref_1', 't', 'pay_1', 'order', 'succeeded', 3, 'CNY', 'x', 'alipay',"
            " 'trade1', '2025-02-11', '2025-02-11', 1, '2025-02-11', NULL)"))
        session.execute(text(
            "INSERT INTO reconciliation_differences (tenant_id, difference_id, channel, day, kind, number, class,"
            " state, found_at) VALUES ('t', :id, 'alipay', '2025-02-11', :kind, :number, 'missing_there', 'resolved',"
            " '2025-02-11')"), differences_of_before)
        session.execute(text(
            "INSERT INTO statement_lines (statement_id, line_no, tenant_id, channel, kind, number, order_id,"
            " amount_minor, currency, status, occurred_at) VALUES ('stm', 1, 't', 'alipay', 'refund', '7', 'pay_1', 3,"
            " 'CNY', 'succeeded', '2025-02-11')"))
    assert migrate(tmp_sqlite_url, "payment", to="0006") == ["0006"]
    with database.transaction(["t"]) as session:
        found = session.execute(text("SELECT difference_id, trade_no FROM reconciliation_differences ORDER BY 1")).all()
        assert found == [
            ("alipay/payment/trade1", "trade1"), ("alipay/refund/7", ""), ("alipay/refund/trade1/ref_1", "trade1"),
        ]
        assert session.execute(text("SELECT number, trade_no FROM statement_lines")).all() == [("7", "")]
        table = session.execute(text("SELECT sql FROM sqlite_master WHERE name = 'statement_lines'")).scalar_one()
    database.dispose()
    assert "amount_minor > 0" in table and "uq_statement_lines_known_by" in table
