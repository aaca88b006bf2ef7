"""Check the name of a channel."""
from __future__ import annotations

from services.payment.channels.domain.errors import ChannelNotBuilt, ChannelNotConfigured
from services.payment.channels.domain.ports import Channels


def check_channel(channels: Channels, name: str) -> None:
    """A channel that the world knows will do: a statement or payout needs no connection to it.

    Raises ChannelUnknown.
    """
    try:
        channels.named(name)
    except (ChannelNotBuilt, ChannelNotConfigured):
        return
