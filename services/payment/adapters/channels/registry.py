"""Which channels there are. One that is known to the world and not built says so, and is never played."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment.adapters.channels.sandbox import SandboxChannel
from services.payment.domain.errors import ChannelNotBuilt, ChannelNotConfigured, ChannelUnknown
from services.payment.domain.ports import Channel

SANDBOX = "sandbox"
BUILT = (SANDBOX,)
NOT_BUILT = ("alipay", "unionpay", "wechat")


class ChannelRegistry:
    """settings: the section services.payment. A channel is made when first named and kept: it holds connections."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._made: dict[str, Channel] = {}

    def named(self, name: str) -> Channel:
        channel = self._made.get(name)
        if channel is None:
            channel = self._made[name] = self._make(name)
        return channel

    def close(self) -> None:
        for channel in self._made.values():
            if isinstance(channel, SandboxChannel):
                channel.close()
        self._made.clear()

    def _make(self, name: str) -> Channel:
        details = {"channel": name, "available": list(BUILT)}
        if name in NOT_BUILT:
            raise ChannelNotBuilt(
                f"channel {name!r} is not built in this version; {', '.join(BUILT)} is available", details=details
            )
        if name not in BUILT:
            raise ChannelUnknown(f"channel {name!r} does not exist; {', '.join(BUILT)} is available", details=details)
        section = self._settings.get(SANDBOX)
        if not section:
            raise ChannelNotConfigured(
                "channel 'sandbox' has no settings; services.payment.sandbox needs base_url, merchant_id, secret "
                "and notify_url"
            )
        return SandboxChannel(**section)
