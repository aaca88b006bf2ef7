"""Fetch a channel's statement of a day."""
from __future__ import annotations

from datetime import date, datetime

from services.payment.channels.domain.ports import Channels, OffersStatements
from services.payment.reconciliation.domain.errors import StatementNotOffered
from services.payment.reconciliation.domain.statement import check_day


def fetch_statement(channels: Channels, name: str, day: date, *, now: datetime) -> bytes:
    """Our own format.

    Raises StatementNotOffered, StatementDayInvalid, ChannelUnknown, ChannelUnavailable, ChannelRefused.
    """
    check_day(day, now=now)
    channel = channels.named(name)
    if not isinstance(channel, OffersStatements):
        raise StatementNotOffered(
            f"channel {name!r} offers no statement here; download its file and import that", details={"channel": name}
        )
    return channel.statement(day)
