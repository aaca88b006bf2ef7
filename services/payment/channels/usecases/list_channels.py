"""List the payment channels that are configured."""
from __future__ import annotations

from typing import TypedDict

from services.payment.channels.domain.ports import HasChannels


class ChannelView(TypedDict):
    channel: str


class ChannelsView(TypedDict):
    items: list[ChannelView]


def list_channels(tx: HasChannels) -> ChannelsView:
    """Give the channels that `start_payment` takes."""
    return {"items": [{"channel": name} for name in tx.channels.configured()]}
