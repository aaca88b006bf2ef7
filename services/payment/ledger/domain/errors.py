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
