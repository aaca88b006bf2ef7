"""Starting a payment, and what channels report, on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.domain import states
from services.payment.schemas.common import object_id
from shared_components.contracts import Message

LONGEST_BODY = 65_536


class StartPayment(Message):
    """payer_ip: of the payer's browser; WeChat's H5 product wants it. It is passed on and not stored."""

    order_id = object_id()
    channel = fields.String(load_default="sandbox", validate=validate.Length(1, 20))
    payer_ip = fields.IP(load_default=None, allow_none=True, metadata={"data_class": "personal"})


class StartedPayment(Message):
    """pay_url: the page where the payer pays; of WeChat's native product a weixin:// address to show as a QR code."""

    order_id = fields.String(required=True)
    channel = fields.String(required=True)
    pay_url = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(states.ORDER.states))


class ApplyChannelNotification(Message):
    """headers and body exactly as they came: the signature is over the raw body."""

    channel = fields.String(required=True, validate=validate.Length(1, 20))
    headers = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"data_class": "sensitive"}
    )
    body = fields.String(
        required=True, validate=validate.Length(max=LONGEST_BODY), metadata={"data_class": "sensitive"}
    )


class AppliedNotification(Message):
    """applied: whether it changed anything; what is known already does not, and is no error."""

    order_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(states.ORDER.states))
    applied = fields.Boolean(required=True)
