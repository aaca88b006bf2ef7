"""Which channels there are. One that is known to the world and not built says so, and is never played."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from services.payment.channels.adapters.breaker import Breaker
from services.payment.channels.adapters.guarded import GuardedChannel, guarded
from services.payment.channels.domain.errors import ChannelNotBuilt, ChannelNotConfigured, ChannelUnknown
from services.payment.channels.domain.ports import Channel
from services.payment.channels.schemas.settings import EXTRAS, missing_extra
from shared_components.kernel.bilingual import Bilingual


class Stoppable(Channel, Protocol):
    """A channel that keeps connections."""

    def stop(self) -> None: ...


# Late: what a channel needs (an HTTP client, a package of the provider) takes its time to load, and may be an extra.
def _sandbox(section: Mapping[str, Any]) -> Stoppable:
    from services.payment.channels.adapters.sandbox.channel import SandboxChannel

    return SandboxChannel(**section)


def _wechat(section: Mapping[str, Any]) -> Stoppable:
    from services.payment.channels.adapters.wechat.channel import WechatChannel

    return WechatChannel(**section)


def _alipay(section: Mapping[str, Any]) -> Stoppable:
    from services.payment.channels.adapters.alipay.channel import AlipayChannel

    return AlipayChannel(**section)


MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Stoppable]] = {
    "sandbox": _sandbox, "wechat": _wechat, "alipay": _alipay,
}
NEEDS = {
    "sandbox": "base_url, merchant_id, secret and notify_url",
    "wechat": "merchant_id, app_id, merchant_serial, private_key, api_v3_key, platform_keys and notify_url",
    "alipay": "app_id, private_key, alipay_public_key and notify_url",
}
BUILT = tuple(MAKERS)
NOT_BUILT = ("unionpay",)


class ChannelRegistry:
    """settings: the section services.payment. A channel is made when first named and kept: it holds connections."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._made: dict[str, tuple[Stoppable, GuardedChannel]] = {}

    def named(self, name: str) -> Channel:
        made = self._made.get(name)
        if made is None:
            channel = self._make(name)
            made = self._made[name] = (channel, guarded(channel, Breaker(name)))
        return made[1]

    def circuit_open(self) -> Collection[str]:
        return {name for name, (_, guarded) in self._made.items() if not guarded.breaker.ready()}

    def configured(self) -> list[str]:
        return [name for name in BUILT if self._settings.get(name)]

    def close(self) -> None:
        for channel, _ in self._made.values():
            channel.stop()
        self._made.clear()

    def _make(self, name: str) -> Stoppable:
        details = {"channel": name, "available": list(BUILT)}
        there_is = f"there are {', '.join(BUILT)}"
        if name in NOT_BUILT:
            raise ChannelNotBuilt(Bilingual(
                f"channel {name!r} is not built in this version; {there_is}",
                f"本版本尚未接入渠道“{name}”；可用渠道：{'、'.join(BUILT)}"), details=details)
        if name not in BUILT:
            raise ChannelUnknown(Bilingual(
                f"channel {name!r} does not exist; {there_is}",
                f"渠道“{name}”不存在；可用渠道：{'、'.join(BUILT)}"), details=details)
        missing = missing_extra(name) if name in EXTRAS else None
        if missing:
            raise ChannelNotBuilt(Bilingual(
                f"channel {name!r} {missing}",
                f"渠道“{name}”{missing.zh}"), details={**details, "extra": name})
        section = self._settings.get(name)
        if not section:
            configured = self.configured()
            raise ChannelNotConfigured(
                Bilingual(
                    f"channel {name!r} has no settings; configured are: {', '.join(configured) or 'none'}; "
                    f"services.payment.{name} needs {NEEDS[name]}",
                    f"渠道“{name}”尚未配置；已配置的渠道：{'、'.join(configured) or '无'}；"
                    f"services.payment.{name} 须填写：{NEEDS[name]}"),
                details={"channel": name, "available": configured})
        return MAKERS[name](section)
