"""微信支付 v3 trade bill (交易账单, type ALL): a backtick before each field, and a line of sums at the end.

Source: https://pay.weixin.qq.com/docs/merchant/products/bill-download/format-trade.html
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from services.payment.reconciliation.adapters.statement_files.fields import (
    check_totals,
    china_time,
    count,
    currency,
    cut_off,
    nothing_after,
    number,
    optional_position,
    positions,
    positive_yuan,
    refuse,
    yuan,
)
from services.payment.reconciliation.domain.statement import (
    FAILED,
    PAYMENT,
    PROCESSING,
    REFUND,
    SUCCEEDED,
    StatementLine,
)
from shared_components.kernel.bilingual import Bilingual

COLUMNS = (
    "交易时间", "微信订单号", "商户订单号", "交易状态", "货币种类", "微信退款单号", "商户退款单号", "退款状态",
    "订单金额", "申请退款金额",
)
SUMS = ("总交易单数", "订单总金额", "申请退款总金额")
FEE, FEES = "手续费", "手续费总金额"
REFUND_STATUS = {"SUCCESS": SUCCEEDED, "PROCESSING": PROCESSING, "FAIL": FAILED, "CHANGE": FAILED, "CLOSED": FAILED}
NONE = ("", "0")


def read(lines: Iterator[tuple[int, str]], day: date) -> Iterator[StatementLine]:
    line_no, head = next(lines, (1, ""))
    columns = positions(head.split(","), COLUMNS, line_no)
    fee_at = optional_position(head.split(","), FEE, line_no)
    when, trade, order, state, money, wechat_refund, refund, refund_state, amount, refunded = columns
    width, day_text = len(head.split(",")), day.isoformat()
    trades = amounts_minor = refunds_minor = fees_minor = 0
    fee_minor, paid_in = None, ""
    for line_no, line in lines:
        if line[:1] != "`":
            check_totals(_sums(line_no, line, lines, with_fees=fee_at is not None), {
                "总交易单数": trades, "订单总金额": amounts_minor, "申请退款总金额": refunds_minor, FEES: fees_minor,
            }, line_no + 1)
            return
        # Texts of the merchant may hold a comma; none holds one before a backtick.
        fields = line[1:].split(",`")
        if len(fields) != width:
            raise refuse(line_no, "all", Bilingual(
                f"{width} fields, each after a backtick,",
                f"{width} 个字段，各以反引号开头"))
        trades += 1  # noqa: SIM113
        at = china_time(fields[when], day_text, line_no, "交易时间")
        order_id = number(fields[order], line_no, "商户订单号")
        if fields[money] != paid_in:
            paid_in = currency(fields[money], line_no, "货币种类")
        trade_no = number(fields[trade], line_no, "微信订单号")
        amount_minor = yuan(fields[amount], line_no, "订单金额")
        refund_minor = yuan(fields[refunded], line_no, "申请退款金额")
        amounts_minor += amount_minor
        refunds_minor += refund_minor
        if fee_at is not None:  # below 0 on a refund: the channel gives it back
            fee_minor = yuan(fields[fee_at], line_no, FEE)
            fees_minor += fee_minor
        if fields[state] == "SUCCESS":
            if amount_minor <= 0:
                positive_yuan(fields[amount], line_no, "订单金额")
            yield StatementLine(
                line_no, PAYMENT, trade_no, order_id, amount_minor, paid_in, SUCCEEDED, at, fee_minor, trade_no)
        elif fields[state] in ("REFUND", "REVOKED"):
            if refund_minor <= 0:
                positive_yuan(fields[refunded], line_no, "申请退款金额")
            yield StatementLine(
                line_no, REFUND, _refund_number(fields[refund], fields[wechat_refund], trade_no, line_no), order_id,
                refund_minor, paid_in, _refund_status(fields[state], fields[refund_state], line_no), at, fee_minor,
                trade_no,
            )
        else:
            raise refuse(line_no, "交易状态", Bilingual("SUCCESS, REFUND or REVOKED", "SUCCESS、REFUND 或 REVOKED"))
    raise cut_off(line_no, SUMS[0])


def _refund_number(ours: str, theirs: str, trade_no: str, line_no: int) -> str:
    """A reversal (撤销) has no number of its own."""
    for found, column in ((ours, "商户退款单号"), (theirs, "微信退款单号")):
        if found not in NONE:
            return number(found, line_no, column)
    return f"revoked:{trade_no}"[:64]


def _refund_status(state: str, refund_state: str, line_no: int) -> str:
    if state == "REVOKED" and refund_state in NONE:
        return SUCCEEDED
    status = REFUND_STATUS.get(refund_state)
    if status is None:
        raise refuse(line_no, "退款状态", Bilingual(
            f"one of {', '.join(REFUND_STATUS)}", f"以下之一：{'、'.join(REFUND_STATUS)}"))
    return status


def _sums(line_no: int, head: str, lines: Iterable[tuple[int, str]], *, with_fees: bool) -> dict[str, int]:
    """The two last lines: their head, which has just been read, and the sums."""
    if not head.startswith(SUMS[0]):
        raise refuse(line_no, "all", Bilingual(
            f"a line that begins with a backtick or with {SUMS[0]}",
            f"以反引号或“{SUMS[0]}”开头的一行"))
    where = positions(head.split(","), SUMS, line_no)
    fees_at = optional_position(head.split(","), FEES, line_no) if with_fees else None
    sums_no, sums = next(iter(lines), (line_no, ""))
    fields = sums[1:].split(",`")
    if sums[:1] != "`" or len(fields) != len(head.split(",")):
        raise cut_off(sums_no, "the sums")
    trades, amounts, refunds = (fields[position] for position in where)
    nothing_after(lines, "the sums")
    stated = {
        SUMS[0]: count(trades, sums_no, SUMS[0]), SUMS[1]: yuan(amounts, sums_no, SUMS[1]),
        SUMS[2]: yuan(refunds, sums_no, SUMS[2]),
    }
    if fees_at is not None:
        stated[FEES] = yuan(fields[fees_at], sums_no, FEES)
    return stated
