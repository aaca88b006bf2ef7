"""Statements, what differs from them, and how it was settled, on the wire."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.domain import reconciliation, statement
from services.payment.domain.reconciliation import LONGEST_DIFFERENCE_ID
from services.payment.usecases import differences, import_statement, reconcile
from shared_components.contracts import Message, PageReply, PageRequest, text

LARGEST_CONTENT = 240_000
"""Characters; above it the bus itself refuses. What the use case takes is less (docs/adr/012)."""


def _channel(**options: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z][a-z0-9_-]{0,19}\Z"), **options)


def _one_of(choices: Any, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(choices), **options)


class ImportStatement(Message):
    """content: the whole file as text; larger ones are imported by the command line. date: the day in China."""

    command = import_statement.ImportStatement

    channel = _channel(required=True, metadata=texts.CHANNEL)
    date = fields.Date(attribute="day", required=True, metadata=texts.DATE)
    format = _one_of(statement.FORMATS, load_default=statement.ZHONGTAI, metadata=texts.FORMAT)
    content = fields.String(required=True, validate=validate.Length(1, LARGEST_CONTENT), metadata=text(
        "The whole file as text, up to 240,000 characters; the command line imports larger ones.",
        "对账单文件全文，240000 字以内；更大的请用命令行导入。"))
    supersede = fields.Boolean(load_default=False, metadata=text(
        "Whether it takes the place of another statement of that channel and day.",
        "是否替代该渠道当日已有的对账单。"))


class StatementFailure(Message):
    code = fields.String(required=True, metadata=text(
        "The error's code, such as payment.statement-malformed.",
        "错误代码，如 payment.statement-malformed。"))
    message = fields.String(required=True, metadata=text(
        "What is wrong, for people.",
        "错误说明，供人阅读。"))
    details = fields.Dict(load_default=dict, metadata=text(
        "Facts for programs, such as line and column.",
        "供程序使用的细节，如行号、列名。"))


class Statement(Message):
    """failure: why it was not imported. open_count: differences left open by the last reconciliation.

    fees_minor: what the channel kept, less what it gave back, by all lines; null when the file does not say.
    """

    statement_id = fields.String(required=True, metadata=texts.STATEMENT_ID)
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    date = fields.Date(required=True, metadata=texts.DATE)
    format = _one_of(statement.FORMATS, required=True, metadata=texts.FORMAT)
    digest = fields.String(required=True, metadata=text(
        "The SHA-256 of the file, in hexadecimal; the same file again changes nothing.",
        "文件的 SHA-256（十六进制）；同一文件重复导入不产生变化。"))
    state = _one_of(statement.STATEMENT.states, required=True, metadata=text(
        "importing, complete, failed (refused) or superseded (by another file of that day).",
        "对账单状态：importing 导入中，complete 已导入，failed 未能导入，superseded 已被同日其他文件替代。"))
    imported_at = fields.AwareDateTime(required=True, metadata=text(
        "When it was imported, UTC.",
        "导入时间（UTC）。"))
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    line_count = fields.Integer(required=True, metadata=texts.LINE_COUNT)
    payment_count = fields.Integer(required=True, metadata=text(
        "How many payments the statement has.",
        "收款笔数。"))
    payments_minor = fields.Integer(required=True, metadata=text(
        "The sum of its payments, in minor units (分).",
        "收款合计，单位为分。"))
    refund_count = fields.Integer(required=True, metadata=texts.REFUND_COUNT)
    refunds_minor = fields.Integer(required=True, metadata=text(
        "The sum of its refunds, in minor units (分).",
        "退款合计，单位为分。"))
    fees_minor = fields.Integer(required=True, allow_none=True, metadata=texts.FEES_MINOR)
    failure = fields.Nested(StatementFailure, required=True, allow_none=True, metadata=text(
        "Why the file was not imported; null when it was.",
        "未能导入的原因；已导入为 null。"))
    reconciled_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it was compared last, UTC; null before that.",
        "最近一次对账时间（UTC）；尚未对账为 null。"))
    open_count = fields.Integer(required=True, allow_none=True, metadata=text(
        "How many differences the last comparison left open; null before it.",
        "最近一次对账后待处理的差异数；尚未对账为 null。"))


class ListStatements(PageRequest):
    """Newest first."""

    command = import_statement.ListStatements

    channel = _channel(load_default=None, allow_none=True, metadata=text(
        "Only statements of this channel; null for all.",
        "只查该渠道的对账单；null 为不限。"))
    date = fields.Date(attribute="day", load_default=None, allow_none=True, metadata=text(
        "Only statements of this day, YYYY-MM-DD; null for all.",
        "只查该日的对账单，YYYY-MM-DD；null 为不限。"))
    state = _one_of(statement.STATEMENT.states, load_default=None, allow_none=True, metadata=text(
        "Only statements in this state; null for all.",
        "只查该状态的对账单；null 为不限。"))


class Statements(PageReply):
    items = fields.List(fields.Nested(Statement), required=True, metadata=text(
        "The statements on this page, newest first.",
        "本页对账单，最新的在前。"))


class Reconcile(Message):
    command = reconcile.Reconcile

    channel = _channel(required=True, metadata=texts.CHANNEL)
    date = fields.Date(attribute="day", required=True, metadata=texts.DATE)


class ClassSum(Message):
    """there_minor, fee_minor: by the statement; here_minor: by our own records of the same."""

    kind = _one_of(statement.KINDS, required=True, metadata=texts.KIND)
    class_ = _one_of(reconciliation.CLASSES, required=True, data_key="class", attribute="class", metadata=text(
        "matched, others (of another tenant), or how the sides differ, as in list_differences.",
        "对账结果类型：matched 相符，others 属其他租户，其余同 list_differences。"))
    count = fields.Integer(required=True, metadata=text(
        "How many lines.",
        "笔数。"))
    there_minor = fields.Integer(required=True, metadata=text(
        "The sum by the statement, in minor units (分).",
        "对账单金额合计，单位为分。"))
    here_minor = fields.Integer(required=True, metadata=text(
        "The sum by our own records, in minor units (分).",
        "我方金额合计，单位为分。"))
    fee_minor = fields.Integer(required=True, metadata=text(
        "The channel's fees by the statement, in minor units (分).",
        "对账单所载手续费合计，单位为分。"))


class Reconciliation(Message):
    """classes: every kind and class once. asked_count: questions that were put to the channel.

    fees_minor: the channel's, of all lines but other tenants', as they are on the books now; null: it does not say.
    """

    statement_id = fields.String(required=True, metadata=texts.STATEMENT_ID)
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    date = fields.Date(required=True, metadata=texts.DATE)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    line_count = fields.Integer(required=True, metadata=texts.LINE_COUNT)
    reconciled_at = fields.AwareDateTime(required=True, metadata=text(
        "When it was compared last, UTC.",
        "最近一次对账时间（UTC）。"))
    asked_count = fields.Integer(required=True, metadata=text(
        "How many questions were put to the channel.",
        "本次向渠道查询的次数。"))
    fees_minor = fields.Integer(required=True, allow_none=True, metadata=texts.FEES_MINOR)
    open_count = fields.Integer(required=True, metadata=text(
        "How many differences are open.",
        "待处理的差异数。"))
    classes = fields.List(fields.Nested(ClassSum), required=True, metadata=text(
        "The sums of every kind and class.",
        "按款项类别和结果类型的汇总。"))


class ListDifferences(PageRequest):
    """By difference_id."""

    command = differences.ListDifferences

    date = fields.Date(attribute="day", load_default=None, allow_none=True, metadata=text(
        "Only differences of this day, YYYY-MM-DD; null for all.",
        "只查该日的差异，YYYY-MM-DD；null 为不限。"))
    channel = _channel(load_default=None, allow_none=True, metadata=text(
        "Only differences with this channel; null for all.",
        "只查该渠道的差异；null 为不限。"))
    class_ = _one_of(reconciliation.DIFFERENCES, load_default=None, allow_none=True, data_key="class", metadata=text(
        "Only differences of this class; null for all.",
        "只查该类型的差异；null 为不限。"))
    state = _one_of(reconciliation.DIFFERENCE.states, load_default=None, allow_none=True, metadata=text(
        "Only differences in this state; null for all.",
        "只查该状态的差异；null 为不限。"))


class StatementSide(Message):
    amount_minor = fields.Integer(required=True, metadata=texts.AMOUNT_MINOR)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    status = _one_of(statement.STATUSES, required=True, metadata=text(
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
    kind = _one_of(statement.KINDS, required=True, metadata=texts.KIND)
    class_ = _one_of(reconciliation.DIFFERENCES, required=True, data_key="class", attribute="class", metadata=text(
        "How the sides differ: missing_here, missing_there, amount_differs or status_differs.",
        "差异类型：missing_here 我方缺失，missing_there 渠道缺失，amount_differs 金额不符，status_differs "
        "状态不符。"))
    state = _one_of(reconciliation.DIFFERENCE.states, required=True, metadata=text(
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
