"""Errors of a fee item's rules."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput


class FeeQuantityRefused(InvalidInput):
    """details: item_code, min_quantity, max_quantity."""

    code = "payment.fee-quantity-refused"
    texts = {"en": "The quantity is outside what the fee item allows.", "zh": "数量超出收费项目允许范围。"}


class FeeAmountRefused(InvalidInput):
    """details: item_code, min_amount_minor, max_amount_minor."""

    code = "payment.fee-amount-refused"
    texts = {"en": "The amount is outside what the fee item allows.", "zh": "金额超出收费项目允许范围。"}


class LimitDateMissing(InvalidInput):
    """details: item_code."""

    code = "payment.limit-date-missing"
    texts = {"en": "The limit date is missing.", "zh": "该收费项目须填写限缴日期。"}


class FeeLimitsInvalid(InvalidInput):
    code = "payment.fee-limits-invalid"
    texts = {"en": "The fee item's limits contradict each other.", "zh": "收费项目的上下限设置矛盾。"}


class FeeItemUnknown(InvalidInput):
    """details: item_code."""

    code = "payment.fee-item-unknown"
    texts = {"en": "There is no such fee item in force.", "zh": "收费项目不存在或不在有效期内。"}


class FeeItemChanged(Conflict):
    code = "payment.fee-item-changed"
    texts = {"en": "The fee item was changed by somebody else.", "zh": "收费项目已被他人更改。"}


class FeeItemPeriodInvalid(InvalidInput):
    code = "payment.fee-item-period-invalid"
    texts = {"en": "The period of validity is not valid.", "zh": "有效期设置不正确。"}
