"""支付宝业务明细: comment lines around a table in GBK, fields padded with tabs, refunds with negative amounts."""
from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.payment.reconciliation.adapters.statement_files.fields import (
    check_totals,
    china_time,
    count,
    cut_off,
    number,
    optional_position,
    positions,
    refund_number,
    refuse,
    refuse_day,
    yuan,
)
from services.payment.reconciliation.domain.statement import PAYMENT, REFUND, SUCCEEDED, StatementLine
from shared_components.kernel.bilingual import Bilingual

COLUMNS = (
    "支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）", "商家实收（元）", "退款批次号/请求号",
)
FEE = "服务费（元）"
TITLE = "支付宝业务明细查询"
BEGIN, END = "业务明细列表", "业务明细列表结束"
PAYMENTS, REFUNDS = "交易合计", "退款合计"
_FROM = re.compile(r"起始日期：\[(\d{4})年(\d{2})月(\d{2})日")
_SUM = re.compile(r"#+(交易合计|退款合计)：(\d+)笔，(?:商家实收(?:退款)?|退款|总金额)共?(-?[\d.]+)元")
KINDS = {"交易": PAYMENT, "退款": REFUND}


def read(lines: Iterator[tuple[int, str]], day: date) -> Iterator[StatementLine]:
    line_no, header = _head(lines, day)
    trade, order, business, when, amount, received, refund = positions(header, COLUMNS, line_no)
    fee_at = optional_position(header, FEE, line_no)
    day_text, width = day.isoformat(), len(header)
    counts, sums = {PAYMENT: 0, REFUND: 0}, {PAYMENT: 0, REFUND: 0}
    for line_no, line in lines:
        if line[:1] == "#":
            if END not in line:
                raise refuse(line_no, "all", Bilingual(f"a line of the table or {END}", f"表中的一行或 {END}"))
            _check_sums(line_no, lines, counts, sums)
            return
        fields = [field.strip() for field in _fields(line)]
        if len(fields) != width:
            raise refuse(line_no, "all", Bilingual(f"{width} fields", f"{width} 个字段"))
        kind = KINDS.get(fields[business])
        if kind is None:
            raise refuse(line_no, "业务类型", Bilingual("交易 or 退款", "交易或退款"))
        amount_minor = yuan(fields[amount], line_no, "订单金额（元）")
        # A refund's amount is negative; in old bills it is not.
        if amount_minor == 0 or (amount_minor < 0 and kind == PAYMENT):
            raise refuse(line_no, "订单金额（元）", Bilingual(
                "an amount above 0, below 0 for a refund,",
                "大于 0 的金额，退款小于 0"))
        counts[kind] += 1
        sums[kind] += abs(yuan(fields[received], line_no, "商家实收（元）"))
        trade_no = number(fields[trade], line_no, "支付宝交易号")
        own_number = trade_no if kind == PAYMENT else refund_number(fields[refund], line_no, "退款批次号/请求号")
        yield StatementLine(
            line_no, kind, own_number, number(fields[order], line_no, "商户订单号"),
            abs(amount_minor), "CNY", SUCCEEDED, china_time(fields[when], day_text, line_no, "完成时间"),
            # It says what the merchant got: below 0 what Alipay kept, above 0 what it gave back.
            None if fee_at is None else -yuan(fields[fee_at], line_no, FEE),
            trade_no,
        )
    raise cut_off(line_no, END)


def _head(lines: Iterator[tuple[int, str]], day: date) -> tuple[int, Sequence[str]]:
    """The comments before the table, and its head."""
    line_no, begun = 0, False
    for line_no, line in lines:
        if line_no == 1 and TITLE not in line:
            raise refuse(line_no, "all", Bilingual(f"the title #{TITLE}", f"标题 #{TITLE}"))
        first = _FROM.search(line)
        # Compared as text: what stands there may be no date at all.
        if first is not None and "-".join(first.groups()) != day.isoformat():
            raise refuse_day("-".join(first.groups()), day, line_no, "起始日期")
        if not line.startswith("#"):
            if begun:
                return line_no, _fields(line)
            raise refuse(line_no, "all", Bilingual("a comment that begins with #", "以 # 开头的注释"))
        begun = BEGIN in line
    raise cut_off(line_no, END)


def _fields(line: str) -> Sequence[str]:
    return next(csv.reader([line])) if '"' in line else line.split(",")


def _check_sums(line_no: int, lines: Iterator[tuple[int, str]], counts: dict[str, int], sums: dict[str, int]) -> None:
    """Both must be there, once. What else follows as a comment (when it was made) says nothing about money."""
    missing = [PAYMENTS, REFUNDS]
    for line_no, line in lines:
        if line[:1] != "#" or BEGIN in line or TITLE in line:
            raise refuse(line_no, "all", Bilingual(f"comments alone after {END}", f"在 {END} 之后只有注释"))
        what = next((each for each in (PAYMENTS, REFUNDS) if line.lstrip("#").startswith(each)), None)
        if what is None:
            continue
        stated = _SUM.match(line)
        if stated is None or what not in missing:
            raise refuse(line_no, what, Bilingual(
                f"one line #{what}：N笔，商家实收共N元 (退款: 商家实收退款共N元)",
                f"一行 #{what}：N笔，商家实收共N元（退款为商家实收退款共N元）"))
        missing.remove(what)
        trades, amount = stated.groups()[1:]
        kind = PAYMENT if what == PAYMENTS else REFUND
        check_totals(
            {f"{what}笔数": count(trades, line_no, f"{what}笔数"), what: abs(yuan(amount, line_no, what))},
            {f"{what}笔数": counts[kind], what: sums[kind]}, line_no,
        )
    if missing:
        raise cut_off(line_no, " and ".join(missing))
