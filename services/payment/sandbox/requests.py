"""Requests that the sandbox takes from a merchant."""
from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate


class _Request(Schema):
    class Meta:
        unknown = EXCLUDE

    merchant_id = fields.String(required=True)


def _number() -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, 64))


def _amount() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


def _currency() -> fields.String:
    return fields.String(required=True, validate=validate.Length(equal=3))


class PrepayBody(_Request):
    out_trade_no = _number()
    amount_minor = _amount()
    currency = _currency()
    description = fields.String(required=True, validate=validate.Length(1, 10_000))
    expires_at = fields.AwareDateTime(required=True)
    attach = fields.String(load_default="", validate=validate.Length(max=64))
    return_url = fields.String(load_default=None, allow_none=True)
    notify_url = fields.String(load_default=None, allow_none=True)


class PaymentQuery(_Request):
    out_trade_no = _number()


class CloseBody(_Request):
    out_trade_no = _number()


class RefundBody(_Request):
    refund_id = _number()
    out_trade_no = _number()
    trade_no = _number()
    amount_minor = _amount()
    currency = _currency()
    reason = fields.String(load_default="")
    notify_url = fields.String(load_default=None, allow_none=True)


class StatementBody(_Request):
    date = fields.Date(required=True)


class RefundQuery(_Request):
    refund_id = _number()
