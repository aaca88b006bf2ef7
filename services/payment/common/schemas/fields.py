"""Field kinds that payment's schemas share."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.payment.common.domain.amounts import LARGEST_ORDER_MINOR
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers import NumberError, validate_division
from shared_components.kernel.return_addresses import LONGEST_ADDRESS

LARGEST_AMOUNT_MINOR = LARGEST_ORDER_MINOR
MOST_QUANTITY = 100_000


def object_id(*, required: bool = True, **options: Any) -> fields.String:
    return fields.String(required=required, allow_none=not required, validate=validate.Length(1, 64), **options)


def optional_text(longest: int, **options: Any) -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(1, longest), **options)


def return_url(metadata: dict[str, object]) -> fields.Url:
    return fields.Url(
        load_default=None, allow_none=True, require_tld=False, schemes={"http", "https"},
        validate=validate.Length(max=LONGEST_ADDRESS), metadata=metadata,
    )


def amount_minor(**options: Any) -> fields.Integer:
    return fields.Integer(
        required=True, strict=True, validate=validate.Range(1, LARGEST_AMOUNT_MINOR), **options)


def currency(**options: Any) -> fields.String:
    return fields.String(load_default="CNY", validate=validate.Regexp(r"^[A-Z]{3}\Z"), **options)


def moment(**options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(load_default=None, allow_none=True, validate=check_moment, **options)


def check_moment(value: datetime) -> None:
    """Stored in UTC, where the first and last hours of the calendar may not exist."""
    try:
        value.astimezone(UTC)
    except OverflowError as error:
        raise ValidationError(Bilingual(
            "outside the years 1 to 9999 in UTC",
            "在 UTC 中超出公元 1 至 9999 年")) from error


def check_division(value: str) -> None:
    try:
        validate_division(value)
    except NumberError as error:
        raise ValidationError(Bilingual(error.message, error.message_in("zh"))) from error
