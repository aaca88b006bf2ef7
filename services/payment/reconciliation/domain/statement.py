"""A channel's daily statement: its lines, and how far its import has come."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple, TypedDict

from services.payment.reconciliation.domain.errors import StatementDayInvalid
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

PAYMENT, REFUND = "payment", "refund"
KINDS = (PAYMENT, REFUND)
SUCCEEDED, PROCESSING, FAILED = "succeeded", "processing", "failed"
STATUSES = (SUCCEEDED, PROCESSING, FAILED)
WECHAT, ALIPAY, ZHONGTAI = "wechat", "alipay", "zhongtai"
FORMATS = (WECHAT, ALIPAY, ZHONGTAI)

CHANNEL_ZONE = timezone(timedelta(hours=8))
FIRST_DAY = date(2000, 1, 1)
"""Channels close their day at midnight in China."""

IMPORTING, COMPLETE, IMPORT_FAILED, SUPERSEDED = "importing", "complete", "failed", "superseded"

STATEMENT = StateMachine(
    "statement",
    IMPORTING,
    [
        Edge(IMPORTING, COMPLETE, "statement-imported"),
        Edge(IMPORTING, IMPORT_FAILED, "statement-refused"),
        Edge(COMPLETE, SUPERSEDED, "statement-superseded"),
    ],
    final=[IMPORT_FAILED, SUPERSEDED],
)


class ImportFailure(TypedDict):
    """Why a statement was not imported. details: facts for programs, such as line and column."""

    code: str
    message: str
    details: Mapping[str, object]


ClassSum = TypedDict("ClassSum", {
    "kind": str, "class": str, "count": int, "there_minor": int, "here_minor": int, "fee_minor": int,
})
"""The lines of a kind and class."""


class Summary(TypedDict):
    """The result of a reconciliation. fees_minor: of the tenant's own lines; None when the statement has no fees."""

    open_count: int
    fees_minor: int | None
    classes: list[ClassSum]


class StatementLine(NamedTuple):
    """A tuple, since there are millions of them.

    number: the channel's number of a payment (trade_no), the merchant's number of a refund (our refund_id); empty on
    a refund that was made without one. A refund is known by trade_no and number together: its number need not be
    unique beyond its trade.
    trade_no: the channel's number of the payment, on a refund too; empty where a line was kept without it.
    status: `processing` was not decided when the statement was drawn up; `failed` moved no money.
    fee_minor: what the channel kept for its service, below 0 what it gave back; None where the statement does not say.
    """

    line_no: int
    kind: str
    number: str
    order_id: str
    amount_minor: int
    currency: str
    status: str
    occurred_at: datetime
    fee_minor: int | None = None
    trade_no: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """digest: SHA-256 of the file. Counts and sums are of what was imported; failure: why it was not.

    fees_minor: of all lines; None when they do not say. summary: of the last reconciliation.
    """

    statement_id: str
    tenant: str
    channel: str
    day: date
    format: str
    digest: str
    state: str
    imported_at: datetime
    currency: str = "CNY"
    line_count: int = 0
    last_line_no: int = 0
    payment_count: int = 0
    payments_minor: int = 0
    refund_count: int = 0
    refunds_minor: int = 0
    fees_minor: int | None = None
    failure: ImportFailure | None = None
    reconciled_at: datetime | None = None
    summary: Summary | None = None

    @property
    def begins_at(self) -> datetime:
        return day_begins(self.day)

    @property
    def ends_at(self) -> datetime:
        return day_begins(self.day + timedelta(days=1))


def day_begins(day: date) -> datetime:
    """Midnight in China, in UTC."""
    return datetime.combine(day, time(), CHANNEL_ZONE).astimezone(UTC)


def check_day(day: date, *, now: datetime) -> None:
    """Raises StatementDayInvalid: a day that has not begun has no statement, nor one before there were channels."""
    today = now.astimezone(CHANNEL_ZONE).date()
    if not FIRST_DAY <= day <= today:
        raise StatementDayInvalid(Bilingual(
            f"date is {day}; only days from {FIRST_DAY} to {today} have a statement",
            f"date 为 {day}；只有 {FIRST_DAY} 至 {today} 有对账单"))
