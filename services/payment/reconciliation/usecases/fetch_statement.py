"""Fetch a channel's statement of a day."""
from __future__ import annotations

from datetime import date, datetime

from services.payment.channels.domain.ports import Channels, OffersStatements
from services.payment.reconciliation.domain.errors import StatementNotOffered
from services.payment.reconciliation.domain.statement import check_day
from shared_components.kernel.bilingual import Bilingual


def fetch_statement(channels: Channels, name: str, day: date, *, now: datetime) -> bytes:
    """Our own format.

    Raises StatementNotOffered, StatementDayInvalid, ChannelUnknown, ChannelUnavailable, ChannelRefused.
    """
    check_day(day, now=now)
    channel = channels.named(name)
    if not isinstance(channel, OffersStatements):
        raise StatementNotOffered(
            Bilingual(
                f"channel {name!r} offers no statement here; download its file and import that",
                f"渠道“{name}”不提供对账单下载；请自行下载文件后导入"), details={"channel": name}
        )
    return channel.statement(day)
