"""Statements, what differs from them, and how it was settled, on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.reconciliation.domain import reconciliation, statement
from services.payment.reconciliation.domain.reconciliation import LONGEST_DIFFERENCE_ID
from services.payment.reconciliation.schemas.fields import channel_name, one_of
from services.payment.reconciliation.usecases import differences
from shared_components.contracts import Message, PageReply, PageRequest, text


class ListDifferences(PageRequest):
    """By difference_id."""

    command = differences.ListDifferences

    date = fields.Date(attribute="day", load_default=None, allow_none=True, metadata=text(
        "Only differences of this day, YYYY-MM-DD; null for all.",
        "只查该日的差异，YYYY-MM-DD；null 为不限。"))
    channel = channel_name(load_default=None, allow_none=True, metadata=text(
        "Only differences with this channel; null for all.",
        "只查该渠道的差异；null 为不限。"))
    class_ = one_of(reconciliation.DIFFERENCES, load_default=None, allow_none=True, data_key="class", metadata=text(
        "Only differences of this class; null for all.",
        "只查该类型的差异；null 为不限。"))
    state = one_of(reconciliation.DIFFERENCE.states, load_default=None, allow_none=True, metadata=text(
        "Only differences in this state; null for all.",
        "只查该状态的差异；null 为不限。"))


class StatementSide(Message):
    amount_minor = fields.Integer(required=True, metadata=texts.AMOUNT_MINOR)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    status = one_of(statement.STATUSES, required=True, metadata=text(
        "What the statement says became of it, such as succeeded.",
        "对账单所载状态。"))
    statement_id = fields.String(required=True, metadata=texts.STATEMENT_ID)
    line = fields.Integer(required=True, metadata=text(
        "The line's number in the file, from 1.",
        "在文件中的行号，从 1 起。"))


class RecordSide(Message):
    """status: `settled` or `suspense` for a payment, the refund's state for a refund."""

    amount_minor = fields.Integer(required=True, metadata=texts.AMOUNT_MINOR)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    status = fields.String(required=True, metadata=text(
        "settled or suspense for a payment, the refund's state for a refund.",
        "我方状态：缴费为 settled 已入账或 suspense 挂账，退款为退款状态。"))


class OrderSide(Message):
    state = fields.String(required=True, metadata=text(
        "The order's state when the difference was found.",
        "发现差异时的订单状态。"))
    amount_minor = fields.Integer(required=True, metadata=texts.AMOUNT_MINOR)


class Difference(Message):
    """number: the channel's trade number of a payment, the merchant's number of a refund (our refund_id, or empty).

    A refund is known by trade_no and number together.

    there: the statement; here: our record of the money; order: the order it belongs to; ledger_minor: the books.
    """

    difference_id = fields.String(required=True, metadata=texts.DIFFERENCE_ID)
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    date = fields.Date(required=True, metadata=texts.DATE)
    kind = one_of(statement.KINDS, required=True, metadata=texts.KIND)
    class_ = one_of(reconciliation.DIFFERENCES, required=True, data_key="class", attribute="class", metadata=text(
        "How the sides differ: missing_here, missing_there, amount_differs or status_differs.",
        "差异类型：missing_here 我方缺失，missing_there 渠道缺失，amount_differs 金额不符，status_differs "
        "状态不符。"))
    state = one_of(reconciliation.DIFFERENCE.states, required=True, metadata=text(
        "open, or resolved.",
        "差异状态：open 待处理，resolved 已处理。"))
    trade_no = fields.String(allow_none=True, metadata=text(
        "The channel's number of the payment; null where it was not kept.", "渠道交易号；历史记录未保存时为 null。"))
    number = fields.String(required=True, metadata=text(
        "Of a payment the channel's trade number, of a refund our refund number, or empty.",
        "缴费为渠道交易号，退款为商户退款单号，可为空。"))
    order_id = fields.String(required=True, allow_none=True, metadata=text(
        "The order that the difference is about; null when none is known.",
        "差异所涉订单编号；无法对应为 null。"))
    there = fields.Nested(StatementSide, required=True, allow_none=True, metadata=text(
        "What the statement says; null when it has nothing of it.",
        "对账单一方的记录；没有为 null。"))
    here = fields.Nested(RecordSide, required=True, allow_none=True, metadata=text(
        "What our own records say; null when they have nothing of it.",
        "我方记录；没有为 null。"))
    order = fields.Nested(OrderSide, required=True, allow_none=True, metadata=text(
        "The order that the money belongs to; null when none is known.",
        "款项对应的订单；无法对应为 null。"))
    ledger_minor = fields.Integer(required=True, allow_none=True, metadata=text(
        "What the ledger says, in minor units (分); null when it has nothing.",
        "总账金额，单位为分；没有为 null。"))
    found_at = fields.AwareDateTime(required=True, metadata=text(
        "When it was found, UTC.",
        "发现时间（UTC）。"))
    asked_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the channel was asked about it, UTC; null when it was not.",
        "向渠道查询的时间（UTC）；未查询为 null。"))
    resolved_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it was settled, UTC; null while it is open.",
        "处理完成时间（UTC）；待处理为 null。"))
    resolved_by = fields.String(required=True, allow_none=True, metadata=text(
        "Who has settled it: a person, a caller or reconciliation; null while it is open.",
        "处理人：人员、调用方，或 reconciliation（对账自动消除）；待处理为 null。"))
    note = fields.String(required=True, allow_none=True, metadata=text(
        "How it was settled; null while it is open.",
        "处理说明；待处理为 null。"))


class Differences(PageReply):
    items = fields.List(fields.Nested(Difference), required=True, metadata=text(
        "The differences on this page, by difference_id.",
        "本页差异，按编号排序。"))


class ResolveDifference(Message):
    """note: why it is settled."""

    command = differences.ResolveDifference

    difference_id = fields.String(required=True, validate=validate.Length(1, LONGEST_DIFFERENCE_ID),
        metadata=texts.DIFFERENCE_ID)
    note = fields.String(required=True, validate=validate.Length(1, 500), metadata=text(
        "How it was settled, up to 500 characters, without personal data.",
        "处理说明，500 字以内，不得含个人信息。"))
