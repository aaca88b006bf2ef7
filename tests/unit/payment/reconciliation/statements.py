"""Statements as channels write them, made of lines."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

from services.payment.reconciliation.adapters.statement_files import StatementFile
from services.payment.reconciliation.adapters.statement_files.zhongtai import write
from services.payment.reconciliation.domain.statement import (
    CHANNEL_ZONE,
    PAYMENT,
    REFUND,
    SUCCEEDED,
    Statement,
    StatementLine,
)
from services.payment.reconciliation.usecases.find_statement import statement_of
from services.payment.reconciliation.usecases.import_statement import WantedImport, import_statement
from services.payment.reconciliation.usecases.reconcile import reconcile
from tests.unit.payment.world import TENANT

DAY = date(2025, 6, 2)
"""On which the tests' clock begins."""
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=CHANNEL_ZONE)

WECHAT_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
WECHAT_SUMS_HEAD = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
ALIPAY_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
    "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,"
    "商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)


def payment(order_id: str, *, trade: str = "t1", amount_minor: int = 1000, **changes: Any) -> StatementLine:
    line = StatementLine(
        0, PAYMENT, f"{order_id}/{trade}", order_id, amount_minor, "CNY", SUCCEEDED, NOON,
        trade_no=f"{order_id}/{trade}")
    return line._replace(**changes)


def refund(order_id: str, refund_id: str, amount_minor: int, *, trade: str = "t1", **changes: Any) -> StatementLine:
    line = StatementLine(
        0, REFUND, refund_id, order_id, amount_minor, "CNY", SUCCEEDED, NOON, trade_no=f"{order_id}/{trade}")
    return line._replace(**changes)


def ours(*lines: StatementLine, day: date = DAY) -> bytes:
    return "".join(write(day, [(line, line.trade_no) for line in lines])).encode()


def wechat_line(
    state: str = "SUCCESS", *, trade: str = "4200000001", order: str = "pay_1", refund: str = "0",
    refund_state: str = "", amount: str = "12.34", refunded: str = "0.00", at: str = "2025-06-02 10:00:00",
    name: str = "驾驶证工本费", currency: str = "CNY", fee: str = "0.00000",
) -> str:
    return ",".join(f"`{field}" for field in (
        at, "wx81be3101902f7cb2", "1601959334", "0", "", trade, order, "ofyak5qR_1wYsC99CsWA6R9MJazA", "NATIVE", state,
        "OTHERS", currency, amount, "0.00", "5000001" if refund != "0" else "0", refund, refunded, "0.00",
        "ORIGINAL" if refund != "0" else "", refund_state, name, TENANT, fee, "0.60%", amount, refunded, "",
    ))


def wechat(
    *lines: str, count: int | None = None, amounts: str, refunds: str = "0.00", fees: str = "0.00000",
    end: str = "\r\n",
) -> str:
    number = len(lines) if count is None else count
    sums = f"`{number},`{amounts},`{refunds},`0.00,`{fees},`{amounts},`{refunds}"
    return end.join([WECHAT_HEAD, *lines, WECHAT_SUMS_HEAD, sums, ""])


def alipay_line(
    kind: str = "交易", *, trade: str = "2025060222001", order: str = "pay_1", refund: str = "", amount: str = "12.34",
    at: str = "2025-06-02 10:00:00", fee: str = "-0.07",
) -> str:
    return ",".join((
        f"{trade}\t", f"{order}\t", kind, "驾驶证工本费\t", f"{at} ", at, "\t", "\t", "\t", "\t", "测*(138****0000)",
        amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", f"{refund}\t", fee, "0.00", "",
    ))


def alipay(*lines: str, payments: tuple[int, str], refunds: tuple[int, str] = (0, "0.00"), day: str = "02") -> str:
    return "\r\n".join([
        "#支付宝业务明细查询", "#账号：[20880000000000000156]",
        f"#起始日期：[2025年06月{day}日 00:00:00]   终止日期：[2025年06月03日 00:00:00]",
        "#-----------------------------------------业务明细列表----------------------------------------", ALIPAY_HEAD,
        *lines,
        "#-----------------------------------------业务明细列表结束------------------------------------",
        f"#交易合计：{payments[0]}笔，商家实收共{payments[1]}元，商家优惠共0.00元",
        f"#退款合计：{refunds[0]}笔，商家实收退款共{refunds[1]}元，商家优惠退款共0.00元",
        "#导出时间：[2025年06月03日 06:27:10]", "",
    ])


def read(content: bytes | str, format: str, day: date = DAY) -> list[StatementLine]:
    raw = content if isinstance(content, bytes) else content.encode()
    return [line for chunk in StatementFile(BytesIO(raw), format).chunks(day) for line in chunk]


def bring(
    transactions: Any, *lines: StatementLine, day: date = DAY, supersede: bool = False, content: bytes | None = None,
    tenant: str = TENANT, channel: str = "sandbox",
) -> Any:
    """Import them as our own kind of statement."""
    source = StatementFile(BytesIO(ours(*lines, day=day) if content is None else content), "zhongtai")
    return import_statement(transactions, transactions.channels, WantedImport(tenant, channel, day, supersede), source)


def statement(transactions: Any, day: date = DAY, tenant: str = TENANT) -> Statement:
    return statement_of(transactions, tenant, "sandbox", day)


def compare(transactions: Any, day: date = DAY, tenant: str = TENANT) -> Any:
    return reconcile(transactions, transactions.channels, statement(transactions, day, tenant))


def classes(result: Any) -> dict[tuple[str, str], tuple[int, int, int]]:
    """What is not nought."""
    return {
        (each["kind"], each["class"]): (each["count"], each["there_minor"], each["here_minor"])
        for each in result["classes"] if each["count"]
    }


def differences(transactions: Any, tenant: str = TENANT, **wanted: Any) -> list[Any]:
    with transactions.begin(tenant) as tx:
        return list(tx.differences.page(tenant, **{
            "day": None, "channel": None, "class_": None, "state": None, "after": None, "limit": 1000, **wanted,
        }))


def put_lines(lines: Iterable[StatementLine]) -> list[StatementLine]:
    return [line._replace(line_no=number) for number, line in enumerate(lines, 3)]
