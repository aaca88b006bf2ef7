"""Errors of the books."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput


class DayNotOver(InvalidInput):
    """details: business_day, the newest that is over."""

    code = "payment.day-not-over"
    texts = {"en": "The business day is not over.", "zh": "该营业日尚未结束。"}


class DayClosed(Conflict):
    """A later day is closed, and this one with it. details: closed_through."""

    code = "payment.day-closed"
    texts = {"en": "The business day is closed already.", "zh": "该营业日已随后续日期关账。"}


class BooksDiffer(Conflict):
    """The kept balances are not what the entries add up to. details: accounts or currency."""

    code = "payment.books-differ"
    texts = {"en": "Balances and entries differ.", "zh": "账户余额与分录不一致。"}


class PeriodInvalid(InvalidInput):
    code = "payment.period-invalid"
    texts = {"en": "The period is not valid.", "zh": "日期区间不正确。"}


class PayoutFeeDiffers(Conflict):
    """The statement of that channel and day states other fees, and they are on the books. details: fee_minor."""

    code = "payment.payout-fee-differs"
    texts = {"en": "The day's statement states another fee.", "zh": "划款手续费与当日对账单不一致。"}


class PayoutDiffers(Conflict):
    """Another payout of that channel and day is on the books. details: paid_minor, fee_minor."""

    code = "payment.payout-differs"
    texts = {"en": "Another payout of that day is on the books.", "zh": "该日期已登记不同的渠道划款。"}
