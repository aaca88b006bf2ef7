"""A reconciliation on the wire."""
from __future__ import annotations

from marshmallow import fields

from services.payment.common.schemas import texts
from services.payment.reconciliation.domain import reconciliation, statement
from services.payment.reconciliation.schemas.fields import channel_name, one_of
from services.payment.reconciliation.usecases import reconcile_small_day
from shared_components.contracts import Message, text


class Reconcile(Message):
    command = reconcile_small_day.Reconcile

    channel = channel_name(required=True, metadata=texts.CHANNEL)
    date = fields.Date(attribute="day", required=True, metadata=texts.DATE)


class ClassSum(Message):
    """there_minor, fee_minor: by the statement; here_minor: by our own records of the same."""

    kind = one_of(statement.KINDS, required=True, metadata=texts.KIND)
    class_ = one_of(reconciliation.CLASSES, required=True, data_key="class", attribute="class", metadata=text(
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
