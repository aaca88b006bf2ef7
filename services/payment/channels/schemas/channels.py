"""The list of channels on the wire."""
from __future__ import annotations

from marshmallow import fields

from services.payment.common.schemas import texts
from shared_components.contracts import Message, text


class ListChannels(Message):
    pass


class ConfiguredChannel(Message):
    channel = fields.String(required=True, metadata=texts.CHANNEL)


class Channels(Message):
    items = fields.List(fields.Nested(ConfiguredChannel), required=True, metadata=text(
        "Every channel that start_payment takes.", "可用于发起支付的全部渠道。"))
