"""Errors of statements, differences and payouts."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict


class PayoutFeeDiffers(Conflict):
    """The statement of that channel and day states other fees, and they are on the books. details: fee_minor."""

    code = "payment.payout-fee-differs"
    texts = {"en": "The day's statement states another fee.", "zh": "划款手续费与当日对账单不一致。"}


class PayoutDiffers(Conflict):
    """Another payout of that channel and day is on the books. details: paid_minor, fee_minor."""

    code = "payment.payout-differs"
    texts = {"en": "Another payout of that day is on the books.", "zh": "该日期已登记不同的渠道划款。"}
