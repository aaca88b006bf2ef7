"""Statements, what differs from them, and how it was settled, on the wire."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.payment.domain import reconciliation, statement
from services.payment.domain.reconciliation import LONGEST_DIFFERENCE_ID
from shared_components.contracts import Message, PageReply, PageRequest, text

LARGEST_CONTENT = 240_000
"""Characters; above it the bus itself refuses. What the use case takes is less (docs/adr/012)."""


def _channel(**options: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z][a-z0-9_-]{0,19}\Z"), **options)


def _one_of(choices: Any, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(choices), **options)


class ImportStatement(Message):
    """content: the whole file as text; larger ones are imported by the command line. date: the day in China."""

    channel = _channel(required=True)
    date = fields.Date(required=True)
    format = _one_of(statement.FORMATS, load_default=statement.ZHONGTAI)
    content = fields.String(required=True, validate=validate.Length(1, LARGEST_CONTENT))
    supersede = fields.Boolean(load_default=False)


class StatementFailure(Message):
    code = fields.String(required=True)
    message = fields.String(required=True)
    details = fields.Dict(load_default=dict)


class Statement(Message):
    """failure: why it was not imported. open_count: differences left open by the last reconciliation.

    fees_minor: what the channel kept, less what it gave back, by all lines; null when the file does not say.
    """

    statement_id = fields.String(required=True)
    channel = fields.String(required=True)
    date = fields.Date(required=True)
    format = _one_of(statement.FORMATS, required=True)
    digest = fields.String(required=True)
    state = _one_of(statement.STATEMENT.states, required=True)
    imported_at = fields.AwareDateTime(required=True)
    currency = fields.String(required=True)
    line_count = fields.Integer(required=True)
    payment_count = fields.Integer(required=True)
    payments_minor = fields.Integer(required=True)
    refund_count = fields.Integer(required=True)
    refunds_minor = fields.Integer(required=True)
    fees_minor = fields.Integer(required=True, allow_none=True)
    failure = fields.Nested(StatementFailure, required=True, allow_none=True)
    reconciled_at = fields.AwareDateTime(required=True, allow_none=True)
    open_count = fields.Integer(required=True, allow_none=True)


class ListStatements(PageRequest):
    """Newest first."""

    channel = _channel(load_default=None, allow_none=True)
    date = fields.Date(load_default=None, allow_none=True)
    state = _one_of(statement.STATEMENT.states, load_default=None, allow_none=True)


class Statements(PageReply):
    items = fields.List(fields.Nested(Statement), required=True)


class Reconcile(Message):
    channel = _channel(required=True)
    date = fields.Date(required=True)


class ClassSum(Message):
    """there_minor, fee_minor: by the statement; here_minor: by our own records of the same."""

    kind = _one_of(statement.KINDS, required=True)
    class_ = _one_of(reconciliation.CLASSES, required=True, data_key="class", attribute="class")
    count = fields.Integer(required=True)
    there_minor = fields.Integer(required=True)
    here_minor = fields.Integer(required=True)
    fee_minor = fields.Integer(required=True)


class Reconciliation(Message):
    """classes: every kind and class once. asked_count: questions that were put to the channel.

    fees_minor: the channel's, of all lines but other tenants', as they are on the books now; null: it does not say.
    """

    statement_id = fields.String(required=True)
    channel = fields.String(required=True)
    date = fields.Date(required=True)
    currency = fields.String(required=True)
    line_count = fields.Integer(required=True)
    reconciled_at = fields.AwareDateTime(required=True)
    asked_count = fields.Integer(required=True)
    fees_minor = fields.Integer(required=True, allow_none=True)
    open_count = fields.Integer(required=True)
    classes = fields.List(fields.Nested(ClassSum), required=True)


class ListDifferences(PageRequest):
    """By difference_id."""

    date = fields.Date(load_default=None, allow_none=True)
    channel = _channel(load_default=None, allow_none=True)
    class_ = _one_of(reconciliation.DIFFERENCES, load_default=None, allow_none=True, data_key="class")
    state = _one_of(reconciliation.DIFFERENCE.states, load_default=None, allow_none=True)


class StatementSide(Message):
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    status = _one_of(statement.STATUSES, required=True)
    statement_id = fields.String(required=True)
    line = fields.Integer(required=True)


class RecordSide(Message):
    """status: `settled` or `suspense` for a payment, the refund's state for a refund."""

    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    status = fields.String(required=True)


class OrderSide(Message):
    state = fields.String(required=True)
    amount_minor = fields.Integer(required=True)


class Difference(Message):
    """number: the channel's trade number of a payment, the merchant's number of a refund (our refund_id, or empty).

    A refund is known by trade_no and number together.

    there: the statement; here: our record of the money; order: the order it belongs to; ledger_minor: the books.
    """

    difference_id = fields.String(required=True)
    channel = fields.String(required=True)
    date = fields.Date(required=True)
    kind = _one_of(statement.KINDS, required=True)
    class_ = _one_of(reconciliation.DIFFERENCES, required=True, data_key="class", attribute="class")
    state = _one_of(reconciliation.DIFFERENCE.states, required=True)
    trade_no = fields.String(allow_none=True, metadata=text(
        "The channel's number of the payment; null where it was not kept.", "渠道交易号；历史记录未保存时为 null。"))
    number = fields.String(required=True)
    order_id = fields.String(required=True, allow_none=True)
    there = fields.Nested(StatementSide, required=True, allow_none=True)
    here = fields.Nested(RecordSide, required=True, allow_none=True)
    order = fields.Nested(OrderSide, required=True, allow_none=True)
    ledger_minor = fields.Integer(required=True, allow_none=True)
    found_at = fields.AwareDateTime(required=True)
    asked_at = fields.AwareDateTime(required=True, allow_none=True)
    resolved_at = fields.AwareDateTime(required=True, allow_none=True)
    resolved_by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class Differences(PageReply):
    items = fields.List(fields.Nested(Difference), required=True)


class ResolveDifference(Message):
    """note: why it is settled."""

    difference_id = fields.String(required=True, validate=validate.Length(1, LONGEST_DIFFERENCE_ID))
    note = fields.String(required=True, validate=validate.Length(1, 500))
