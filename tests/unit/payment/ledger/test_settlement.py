"""The settlement report: by collecting unit and day, from the day after on; on the command line and as CSV."""
from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.payment.channels.domain.channel import RefundStatus
from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.ledger.domain.errors import DayNotOver
from services.payment.ledger.schemas.settlement import Settlement
from services.payment.ledger.usecases.settlement import GetSettlement, get_settlement
from services.payment.orders.usecases.push_refund import push_refund
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.ledger.test_books import DAY, close
from tests.unit.payment.steps import apply, ask_refund, make_orders, paid_word
from tests.unit.payment.world import TENANT, UNIT_CODE, FakeChannel, SqlTransactions, call, fee_item_call

OTHER_UNIT = "11330000000000107P"


def settlement(transactions: Any, day: date = DAY) -> Any:
    with transactions.begin(TENANT) as tx:
        return Settlement().dump(get_settlement(tx, *call(GetSettlement(business_day=day, currency="CNY"))))


def a_day(transactions: Any, channel: FakeChannel) -> None:
    """Two orders of one unit, one of another; refunds of 300 made, of 200 refused, of 100 still open."""
    first, second = (order["order_id"] for order in make_orders(transactions, 2))
    with transactions.begin(TENANT) as tx:
        put_fee_item(tx, *fee_item_call(item_code="2", collecting_unit=OTHER_UNIT, price_minor=7))
    (third,) = (o["order_id"] for o in make_orders(transactions, lines=[{"item_code": "2", "quantity": 3}]))
    apply(transactions, paid_word(first), paid_word(second), paid_word(third, amount_minor=21))
    apply(transactions, paid_word(first, trade="late"))
    for amount, available, answer in ((300, 1000, "succeeded"), (200, 700, "failed")):
        channel.refund_answer = RefundStatus(answer)  # type: ignore[arg-type]
        refund = ask_refund(transactions, first, amount, available=available)
        push_refund(transactions, transactions.channels, TENANT, refund["refund_id"])
    ask_refund(transactions, second, 100, available=1000)


def test_a_day_is_settled_by_unit_from_the_day_after_on(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    a_day(transactions, channel)
    with pytest.raises(DayNotOver):
        settlement(transactions)
    clock.advance(timedelta(days=1))
    report = settlement(transactions)
    assert report["units"] == [
        {"collecting_unit": OTHER_UNIT, "paid_count": 1, "paid_minor": 21, "refund_count": 0, "refunded_minor": 0,
         "other_minor": 0, "net_minor": 21},
        {"collecting_unit": UNIT_CODE, "paid_count": 2, "paid_minor": 2000, "refund_count": 2, "refunded_minor": 400,
         "other_minor": 0, "net_minor": 1600},
    ]
    assert (report["net_minor"], report["paid_count"], report["final"]) == (1621, 3, False)
    close(transactions, DAY)
    assert settlement(transactions) == {**report, "final": True}
    assert settlement(transactions, DAY - timedelta(days=1))["units"] == []


def zhongtai(*arguments: str, database: str, folder: Path) -> subprocess.CompletedProcess[str]:
    settings = folder / "zhongtai.yaml"
    settings.write_text(json.dumps({
        "database": {"url": database}, "bus": {"default_tenant": TENANT},
        "security": {"master_key_file": str(folder / "master.key")},
    }))
    command = [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c", str(settings), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_shows_it_and_writes_csv(
    sql_transactions: SqlTransactions, channel: FakeChannel, tmp_sqlite_url: str, tmp_path: Path
) -> None:
    a_day(sql_transactions, channel)
    file = tmp_path / "settlement.csv"
    where = {"database": tmp_sqlite_url, "folder": tmp_path}
    shown = zhongtai("payment", "settlement", "2025-06-02", "--csv", str(file), **where)  # type: ignore[arg-type]
    assert shown.returncode == 0, shown.stderr
    assert [line.split("\t")[-2:] for line in shown.stdout.splitlines()] == [
        ["应划金额（元）", "已关账"], ["0.21", "否"], ["16.00", "否"], ["16.21", "否"]]
    assert "not closed yet" in shown.stderr
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:3] == ["营业日", "币种", "执收单位编码"]
    assert rows[2] == ["2025-06-02", "CNY", UNIT_CODE, "2", "20.00", "2", "4.00", "0.00", "16.00", "否"]
    assert rows[0][2:] == shown.stdout.splitlines()[0].split("\t")
    data = zhongtai("payment", "settlement", "2025-06-02", "--json", **where)  # type: ignore[arg-type]
    assert json.loads(data.stdout)["net_minor"] == 1621
    today = datetime.now(UTC).date() + timedelta(days=2)
    refused = zhongtai("payment", "settlement", today.isoformat(), **where)  # type: ignore[arg-type]
    assert (refused.returncode, "day-not-over" in refused.stdout + refused.stderr) == (2, True), refused.stderr
