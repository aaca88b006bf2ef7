"""Statements as the channels write them: understood exactly, or refused with line, column and what is allowed."""
from __future__ import annotations

import gc
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payment.reconciliation.adapters.statement_files import ReadAhead, StatementFile
from services.payment.reconciliation.adapters.statement_files.fields import yuan
from services.payment.reconciliation.domain.errors import StatementChanged, StatementMalformed, StatementTotalsDiffer
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE, StatementLine
from tests.unit.payment.reconciliation.statements import (
    DAY,
    alipay,
    alipay_line,
    ours,
    payment,
    read,
    refund,
    wechat,
    wechat_line,
)

TEN = datetime(2025, 6, 2, 10, 0, tzinfo=CHANNEL_ZONE)
WECHAT = wechat(
    wechat_line(fee="0.07000"), wechat_line(trade="4200000002", order="pay_2", amount="0.01", name="工本费,加急"),
    wechat_line("REFUND", refund="ref_1", refund_state="PROCESSING", amount="0.00", refunded="2.30", fee="-0.01000"),
    amounts="12.35", refunds="2.30", fees="0.06000",
)
ALIPAY = alipay(
    alipay_line(), alipay_line("退款", refund="ref_1", amount="-2.30", fee="0.01"),
    payments=(1, "12.34"), refunds=(1, "-2.30"),
)


@pytest.mark.parametrize("content", [
    WECHAT.encode(), b"\xef\xbb\xbf" + WECHAT.encode(), WECHAT.encode("gb18030"), WECHAT.replace("\r\n", "\n").encode(),
], ids=["utf-8", "with a mark", "gbk", "unix lines"])
def test_a_wechat_bill_is_read_to_the_fen_in_any_encoding(content: bytes) -> None:
    assert read(content, "wechat") == [
        StatementLine(2, "payment", "4200000001", "pay_1", 1234, "CNY", "succeeded", TEN, 7, "4200000001"),
        StatementLine(3, "payment", "4200000002", "pay_2", 1, "CNY", "succeeded", TEN, 0, "4200000002"),
        StatementLine(4, "refund", "ref_1", "pay_1", 230, "CNY", "processing", TEN, -1, "4200000001"),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_an_alipay_bill_is_read_with_its_padding_and_its_negative_refunds(encoding: str) -> None:
    assert read(ALIPAY.encode(encoding), "alipay") == [
        StatementLine(6, "payment", "2025060222001", "pay_1", 1234, "CNY", "succeeded", TEN, 7, "2025060222001"),
        StatementLine(7, "refund", "ref_1", "pay_1", 230, "CNY", "succeeded", TEN, -1, "2025060222001"),
    ]


def test_our_own_statement_is_read_as_it_was_written() -> None:
    lines = [payment("pay_1", fee_minor=6), refund("pay_1", "ref_1", 400, status="processing", fee_minor=-2)]
    assert read(ours(*lines), "zhongtai") == [
        line._replace(line_no=number) for number, line in enumerate(lines, 3)
    ]


OLD = """#zhongtai-statement,1,2025-06-02
kind,trade_no,order_id,refund_id,amount_minor,currency,status,occurred_at
payment,t1,pay_1,,1000,CNY,succeeded,2025-06-02T10:00:00+08:00
#total,1,1000,0,0
"""


@pytest.mark.parametrize(("format", "content"), [
    ("zhongtai", OLD), ("wechat", WECHAT.replace("手续费", "服务费")), ("alipay", ALIPAY.replace("服务费", "费用")),
])
def test_a_statement_without_fees_does_not_say_them(format: str, content: str) -> None:
    assert {line.fee_minor for line in read(content, format)} == {None}


@pytest.mark.parametrize("content", [
    wechat(amounts="0.00"), wechat(amounts="0"), alipay(payments=(0, "0.00")), ours().decode(),
])
def test_a_day_without_trades_has_an_empty_statement(content: str) -> None:
    kind = "wechat" if content.startswith("交易") else "alipay" if content.startswith("#支") else "zhongtai"
    assert read(content, kind) == []


def test_a_reversal_and_a_refund_from_the_merchants_console_are_refunds() -> None:
    lines = wechat_line("REVOKED", amount="5.00", refunded="5.00"), wechat_line(
        "REFUND", refund="", refund_state="SUCCESS", amount="0", refunded="1")
    found = read(wechat(*lines, amounts="5.00", refunds="6.00"), "wechat")
    assert [(each.kind, each.number, each.amount_minor) for each in found] == [
        ("refund", "revoked:4200000001", 500), ("refund", "5000001", 100),
    ]


WRONG: list[tuple[str, str, Any, int, str]] = [
    ("wechat", "", None, 1, "交易时间"),
    ("wechat", "订单金额,申请", ("订单金额,申请", "金额,申请"), 1, "订单金额"),
    ("wechat", "an amount with three decimals", ("`12.34,`0.00,`\r\n", "`12.345,`0.00,`\r\n"), 2, "订单金额"),
    ("wechat", "a float's form", ("`12.34,`0.00,`\r\n", "`1.2e1,`0.00,`\r\n"), 2, "订单金额"),
    ("wechat", "no amount", ("`12.34,`0.00,`\r\n", "`,`0.00,`\r\n"), 2, "订单金额"),
    ("wechat", "nothing paid", ("`12.34,`0.00,`\r\n", "`0.00,`0.00,`\r\n"), 2, "订单金额"),
    ("wechat", "a state", ("`SUCCESS,", "`NOTPAY,"), 2, "交易状态"),
    ("wechat", "a refund's state", ("`PROCESSING,", "`WAITING,"), 4, "退款状态"),
    ("wechat", "a currency", ("`CNY,", "`元,"), 2, "货币种类"),
    ("wechat", "another day", ("2025-06-02 10", "2025-06-03 10"), 2, "交易时间"),
    ("wechat", "no time", ("2025-06-02 10:00:00", "2025-06-02 25:00:00"), 2, "交易时间"),
    ("wechat", "a number with a space", ("`pay_2", "`pay 2"), 3, "商户订单号"),
    ("wechat", "a number with a backslash", ("`4200000002", "`42\\N00002"), 3, "微信订单号"),
    ("wechat", "a field more", ("`pay_2,", "`pay_2,`x,"), 3, "all"),
    ("wechat", "a line of something", ("`2025-06-02 10:00:00,`wx81be3101902f7cb2", "hello"), 2, "all"),
    ("wechat", "sums of fewer lines", ("`3,`12.35", "`4,`12.35"), 6, "总交易单数"),
    ("wechat", "sums of other money", (",`12.35,`2.30\r\n", ",`12.36,`2.30\r\n"), 6, "订单总金额"),
    ("wechat", "parts of a fen as a fee", ("`0.07000,", "`0.07500,"), 2, "手续费"),
    ("wechat", "two columns of fees", ("费率备注", "手续费"), 1, "手续费"),
    ("wechat", "sums of other fees", ("`0.06000,`12.35", "`0.07000,`12.35"), 6, "手续费总金额"),
    ("alipay", "a fee that is none", (",-0.07,", ",-0.0x,"), 6, "服务费（元）"),
    ("zhongtai", "a fee with a sign alone", ("+08:00,0", "+08:00,-"), 3, "fee_minor"),
    ("zhongtai", "a negative nought", ("+08:00,0", "+08:00,-0"), 3, "fee_minor"),
    ("zhongtai", "sums of other fees", ("1,400,0\n", "1,400,1\n"), 5, "fees_minor"),
    ("zhongtai", "sums without fees", ("1,400,0\n", "1,400\n"), 5, "#total"),
    ("wechat", "something after the sums", (",`12.35,`2.30\r\n", ",`12.35,`2.30\r\n`1\r\n"), 7, "all"),
    ("alipay", "another title", ("#支付宝业务明细查询", "#支付宝账务明细查询"), 1, "all"),
    ("alipay", "another day in the head", ("[2025年06月02日", "[2025年06月01日"), 3, "起始日期"),
    ("alipay", "no day in the head", ("[2025年06月02日", "[2025年13月02日"), 3, "起始日期"),
    ("alipay", "digits of others in the head", ("[2025年06月02日", "[２０２５年06月02日"), 3, "起始日期"),
    ("alipay", "a count without end", ("交易合计：1笔", f"交易合计：{'9' * 5000}笔"), 9, "交易合计笔数"),
    ("wechat", "a count without end", ("`3,`12.35", f"`{'9' * 5000},`12.35"), 6, "总交易单数"),
    ("alipay", "another day in a line", (" ,2025-06-02", " ,2025-06-01"), 6, "完成时间"),
    ("alipay", "a kind", (",退款,", ",转账,"), 7, "业务类型"),
    ("alipay", "a negative payment", (",12.34,12.34", ",-12.34,12.34"), 6, "订单金额（元）"),
    ("alipay", "a refund's number with a space", ("ref_1\t", "ref 1\t"), 7, "退款批次号/请求号"),
    ("alipay", "sums of more lines", ("交易合计：1笔", "交易合计：2笔"), 9, "交易合计笔数"),
    ("alipay", "sums of other money", ("退款共-2.30", "退款共-2.31"), 10, "退款合计"),
    ("alipay", "sums in other words", ("笔，商家实收共", "笔，实付共"), 9, "交易合计"),
    ("alipay", "a count that is none", ("交易合计：1笔", "交易合计：x笔"), 9, "交易合计"),
    ("alipay", "sums twice", ("#退款合计", "#交易合计：1笔，商家实收共12.34元\r\n#退款合计"), 10, "交易合计"),
    ("alipay", "a line after the end", ("#导出时间", "x,y\r\n#导出时间"), 11, "all"),
    ("alipay", "a second table", ("#导出时间", "#---业务明细列表---\r\n#导出时间"), 11, "all"),
    ("alipay", "no sums of payments", ("#交易合计：", "#合计："), 11, "交易合计"),
    ("alipay", "no sums of refunds", ("#退款合计：", "#合计："), 11, "退款合计"),
    ("zhongtai", "a line after the total", ("1,400,0\n", "1,400,0\n\npayment\n"), 7, "all"),
    ("zhongtai", "another statement after it", ("1,400,0\n", "1,400,0\n#zhongtai-statement,1,2025-06-02\n"), 6, "all"),
    ("zhongtai", "another day", (",2025-06-02\n", ",2025-06-01\n"), 1, "day"),
    ("zhongtai", "another version", ("statement,1,", "statement,2,"), 1, "title"),
    ("zhongtai", "an amount with a point", (",1000,", ",10.00,"), 3, "amount_minor"),
    ("zhongtai", "an amount of nought", (",1000,", ",0,"), 3, "amount_minor"),
    ("zhongtai", "digits that are not ASCII", (",1000,", ",１０００,"), 3, "amount_minor"),
    ("zhongtai", "a time without offset", ("+08:00,", ","), 3, "occurred_at"),
    ("zhongtai", "a status", (",succeeded,", ",done,"), 3, "status"),
    ("zhongtai", "sums of other money", ("#total,1,1000", "#total,1,1001"), 5, "payments_minor"),
]
GOOD = {
    "wechat": WECHAT, "alipay": ALIPAY,
    "zhongtai": ours(payment("pay_1"), refund("pay_1", "ref_1", 400)).decode(),
}


@pytest.mark.parametrize(("format", "what", "change", "line", "column"), WRONG, ids=[f"{w[0]}-{w[1]}" for w in WRONG])
def test_what_is_wrong_is_named_with_line_and_column(
    format: str, what: str, change: tuple[str, str] | None, line: int, column: str
) -> None:
    content = GOOD[format].replace(*change, 1) if change else "\n"
    assert content != GOOD[format]
    with pytest.raises(StatementMalformed) as caught:
        read(content, format)
    details = caught.value.details
    assert (details["line"], details.get("column", details.get("field"))) == (line, column)
    assert "allowed" in caught.value.message
    assert "hello" not in caught.value.message


@pytest.mark.parametrize(("format", "change", "said"), [
    ("zhongtai", (",2025-06-02\n", ",2025-06-01\n"), "'day' says 2025-06-01, which is another day; the day"),
    ("zhongtai", (",2025-06-02\n", ",hello\n"), "'day' cannot be read; the day 2025-06-02 is allowed"),
    ("zhongtai", (",2025-06-02T", ",2025-06-03T"), "'occurred_at' is a time on another day; a time with its offset on"),
    ("alipay", ("[2025年06月02日", "[2025年06月01日"), "'起始日期' says 2025-06-01, which is another day; the day"),
    ("alipay", (" ,2025-06-02", " ,2025-06-01"), "'完成时间' is a time on another day; a time on 2025-06-02"),
    ("wechat", ("2025-06-02 10", "2025-06-03 10"), "'交易时间' is a time on another day; a time on 2025-06-02"),
])
def test_another_day_is_told_as_that(format: str, change: tuple[str, str], said: str) -> None:
    with pytest.raises(StatementMalformed, match=said):
        read(GOOD[format].replace(*change, 1), format)


@pytest.mark.parametrize(("format", "drop"), [("wechat", 1), ("wechat", 2), ("alipay", 2), ("alipay", 3), ("alipay", 4),
                                              ("zhongtai", 1)])
def test_a_statement_that_is_cut_off_is_refused(format: str, drop: int) -> None:
    whole = GOOD[format].rstrip()
    lines = whole.splitlines(keepends=True)
    with pytest.raises(StatementMalformed, match="cut off"):
        read("".join(lines[:-drop]), format)


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    lines = [wechat_line(trade=str(number)) for number in range(1000)]
    raw = wechat(*lines, amounts="12340.00").encode().replace(b"`900,`pay_1", b"`900,`pay_\xff", 1)
    with pytest.raises(StatementMalformed, match="text in UTF-8, as before that line,") as caught:
        read(raw, "wechat")
    assert caught.value.details["line"] == 902


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    with pytest.raises(StatementMalformed, match="below 65536 bytes"):
        read(WECHAT.encode() + b"`" * 200_000, "wechat")


@given(st.integers(-10**14 + 1, 10**14 - 1), st.integers(0, 3))
def test_yuan_become_fen_without_loss(amount_minor: int, zeros: int) -> None:
    text = f"{Decimal(amount_minor) / 100:.2f}"
    assert yuan(text + "0" * zeros, 1, "x") == amount_minor


@pytest.mark.parametrize(("text", "amount_minor"), [
    ("0", 0), ("0.0", 0), ("7", 700), ("2.3", 230), ("2.30", 230), ("2.03", 203), ("-2.3", -230), ("0.06000", 6),
])
def test_amounts_are_understood_in_every_form_that_channels_write(text: str, amount_minor: int) -> None:
    assert yuan(text, 1, "x") == amount_minor


@given(st.text(max_size=12))
def test_what_is_no_amount_is_refused_and_never_guessed(text: str) -> None:
    try:
        amount_minor = yuan(text, 1, "x")
    except StatementMalformed:
        return
    assert Decimal(text) * 100 == amount_minor and "e" not in text.lower() and " " not in text


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 5000), st.binary(max_size=3))
def test_a_damaged_statement_is_read_or_refused_and_nothing_else(format: str, at: int, damage: bytes) -> None:
    raw = GOOD[format].encode()
    at %= len(raw)
    try:
        read(raw[:at] + damage + raw[at + len(damage):], format)
    except StatementMalformed as error:
        assert error.details["line"] >= 1


def _lines_alive() -> int:
    gc.collect()
    return sum(isinstance(each, StatementLine) for each in gc.get_objects())


def test_a_long_statement_is_read_in_pieces() -> None:
    content = ours(*(payment(f"pay_{number}") for number in range(25_000)))
    source = StatementFile(BytesIO(content), "zhongtai")
    sizes, before = [], _lines_alive()
    for chunk in source.chunks(DAY):
        sizes.append(len(chunk))
        del chunk
        assert _lines_alive() - before <= 10_001
    assert sizes == [10_000, 10_000, 5_000]
    assert source.position == source.size == len(content)


def test_the_totals_error_says_what_was_stated_and_what_was_counted() -> None:
    with pytest.raises(StatementTotalsDiffer) as caught:
        read(GOOD["zhongtai"].replace("#total,1,1000", "#total,1,999"), "zhongtai")
    assert (caught.value.details["stated"], caught.value.details["counted"]) == (999, 1000)


@pytest.mark.parametrize("piece", [1, 7, 64, 2**18])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_where_the_file_is_cut_while_reading_makes_no_difference(
    piece: int, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file._DECODED_AT_ONCE", piece)
    lines = read(WECHAT.encode(encoding), "wechat")
    assert [(line.line_no, line.number) for line in lines] == [(2, "4200000001"), (3, "4200000002"), (4, "ref_1")]
    with pytest.raises(StatementMalformed) as caught:
        read(WECHAT.encode("gb18030").replace(b"`pay_2", b"`pay\xff\xff2"), "wechat")
    assert caught.value.details["line"] == 3


@pytest.mark.parametrize("ending", ["", "\n"])
@pytest.mark.parametrize(("text", "taken"), [("字" * 21_845, False), ("字" * 21_000, True)])
def test_a_lines_length_is_that_of_its_bytes(text: str, ending: str, taken: bool) -> None:
    if taken:
        assert len(read(WECHAT.replace("工本费,加急", text).encode(), "wechat")) == 3
        return
    with pytest.raises(StatementMalformed, match="below 65536 bytes"):
        read((WECHAT + text + "x" + ending).encode(), "wechat")


def test_reading_ahead_gives_the_same_lines_and_the_same_error_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file.CHUNK_LINES", 2)
    content = ours(*(payment(f"pay_{number}") for number in range(7)))
    plain = StatementFile(BytesIO(content), "zhongtai")
    ahead = ReadAhead(StatementFile(BytesIO(content), "zhongtai"))
    assert list(ahead.chunks(DAY)) == list(plain.chunks(DAY))
    assert (ahead.format, ahead.digest, ahead.size, ahead.position) == (
        "zhongtai", plain.digest, len(content), len(content))

    wrong, sizes = BytesIO(content.replace(b"#total,7", b"#total,8")), []
    with pytest.raises(StatementTotalsDiffer):
        for chunk in ReadAhead(StatementFile(wrong, "zhongtai")).chunks(DAY):
            sizes.append(len(chunk))
    assert sizes == [2, 2, 2]


@pytest.mark.parametrize("later", [
    ours(payment("pay_1"), payment("pay_2")), ours(payment("pay_2")), ours(payment("pay_1"))[:-9],
    ours(payment("pay_1")) + b"\n", b"",
], ids=["more", "another", "cut off", "a blank line more", "emptied"])
def test_a_file_that_changes_while_it_is_read_is_refused(later: bytes) -> None:
    file = BytesIO(ours(payment("pay_1")))
    source = StatementFile(file, "zhongtai")
    file.seek(0)
    file.truncate()
    file.write(later)
    with pytest.raises(StatementChanged, match="changed while it was read"):
        list(source.chunks(DAY))
