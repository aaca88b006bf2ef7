"""Statements on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.reconciliation.domain import statement
from services.payment.reconciliation.schemas.fields import channel_name, one_of
from services.payment.reconciliation.usecases import import_small_statement, list_statements
from shared_components.contracts import Message, PageReply, PageRequest, text

LARGEST_CONTENT = 240_000
"""Characters; above it the bus itself refuses. What the use case takes is less (docs/adr/012)."""


class ImportStatement(Message):
    """content: the whole file as text; larger ones are imported by the command line. date: the day in China."""

    command = import_small_statement.ImportStatement

    channel = channel_name(required=True, metadata=texts.CHANNEL)
    date = fields.Date(attribute="day", required=True, metadata=texts.DATE)
    format = one_of(statement.FORMATS, load_default=statement.ZHONGTAI, metadata=texts.FORMAT)
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
    format = one_of(statement.FORMATS, required=True, metadata=texts.FORMAT)
    digest = fields.String(required=True, metadata=text(
        "The SHA-256 of the file, in hexadecimal; the same file again changes nothing.",
        "文件的 SHA-256（十六进制）；同一文件重复导入不产生变化。"))
    state = one_of(statement.STATEMENT.states, required=True, metadata=text(
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

    command = list_statements.ListStatements

    channel = channel_name(load_default=None, allow_none=True, metadata=text(
        "Only statements of this channel; null for all.",
        "只查该渠道的对账单；null 为不限。"))
    date = fields.Date(attribute="day", load_default=None, allow_none=True, metadata=text(
        "Only statements of this day, YYYY-MM-DD; null for all.",
        "只查该日的对账单，YYYY-MM-DD；null 为不限。"))
    state = one_of(statement.STATEMENT.states, load_default=None, allow_none=True, metadata=text(
        "Only statements in this state; null for all.",
        "只查该状态的对账单；null 为不限。"))


class Statements(PageReply):
    items = fields.List(fields.Nested(Statement), required=True, metadata=text(
        "The statements on this page, newest first.",
        "本页对账单，最新的在前。"))
