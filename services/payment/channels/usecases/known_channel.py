"""The channel of something that is at a channel already."""
from __future__ import annotations

from services.payment.channels.domain.errors import ChannelMisconfigured, ChannelNotConfigured
from services.payment.channels.domain.ports import Channel, Channels


def known_channel(channels: Channels, name: str) -> Channel:
    """The channel of a payment or refund: the caller did not choose it, so settings that are gone are ours to mend.

    Raises ChannelUnknown, ChannelNotBuilt, ChannelMisconfigured.
    """
    try:
        return channels.named(name)
    except ChannelNotConfigured as gone:
        raise ChannelMisconfigured(gone.text) from None
