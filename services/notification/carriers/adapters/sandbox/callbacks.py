"""Understand the body of a sandbox callback, once its signature is verified."""
from __future__ import annotations

from typing import Any, get_args

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.notification.carriers.domain.carrier import Callback, Receipt, ReceiptState, ReceivedText
from services.notification.carriers.domain.errors import ReceiptMalformed
from shared_components.contracts.fast_load import loader
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.plain_text import first_control_character


class _Text(fields.String):
    """No control characters: no database keeps NUL."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if first_control_character(text) is not None:
            raise ValidationError("must not contain a control character")
        return text


class _Receipt(Schema):
    """Fields that a later version of the carrier adds are no reason to refuse a receipt."""

    class Meta:
        unknown = EXCLUDE

    message_id = _Text(required=True, validate=validate.Length(1, 48))
    reference = _Text(required=True, validate=validate.Length(1, 64))
    state = fields.String(required=True, validate=validate.OneOf(get_args(ReceiptState)))
    code = _Text(load_default="", validate=validate.Length(max=40))


class _Received(Schema):
    class Meta:
        unknown = EXCLUDE

    event_id = _Text(required=True, validate=validate.Length(1, 64))
    number = _Text(required=True, validate=validate.Length(1, 32))
    body = _Text(required=True, validate=validate.Length(max=2000))
    service_number = _Text(required=True, validate=validate.Length(1, 32))
    received_at = fields.AwareDateTime(required=True)


class _Body(Schema):
    class Meta:
        unknown = EXCLUDE

    account = fields.String(required=True)
    receipts = fields.List(fields.Nested(_Receipt), load_default=list, validate=validate.Length(max=1000))
    received = fields.List(fields.Nested(_Received), load_default=list, validate=validate.Length(max=1000))


_load_all = loader(_Body())


def read_callback(raw: bytes, *, carrier: str, account: str) -> Callback:
    """Raises ReceiptMalformed."""
    data = _load(raw)
    if data["account"] != account:
        raise ReceiptMalformed(Bilingual(
            "receipt is for another account; only our own is accepted", "回执属于其他账户；只接受本账户的回执"))
    return Callback(
        [Receipt(carrier, **receipt) for receipt in data["receipts"]],
        [ReceivedText(carrier, **text) for text in data["received"]])


def _load(raw: bytes) -> dict[str, Any]:
    try:
        data: dict[str, Any] = _load_all([strict_json.read(raw)])[0]
    except strict_json.JsonRefused as refused:
        raise ReceiptMalformed(Bilingual(
            f"receipt: {refused}", f"回执：{refused}"), details={"fields": refused.fields()}) from None
    except ValidationError as error:
        wrong: dict[Any, Any] = error.normalized_messages()
        raise ReceiptMalformed(Bilingual(
            "receipt has wrong fields", "回执的字段有误"), details={"fields": wrong[0]}) from error
    return data
