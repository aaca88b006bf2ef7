"""The HTTP client that all channels share."""
from __future__ import annotations

from typing import Any

import httpx

from services.payment.channels.domain.errors import ChannelMisconfigured, ChannelRefused, ChannelUnavailable
from shared_components.http.limited_client import whole_limit
from shared_components.kernel.bilingual import Bilingual, in_locale

RETRY_AFTER_S = 5
LONGEST_S = 30


def send(channel: str, http: httpx.Client, method: str, url: str, **request: Any) -> httpx.Response:
    """Raises ChannelUnavailable when there is no answer within the client's timeout, from connecting to the last byte.

    What the channel did is then not known.
    """
    try:
        with whole_limit(http.timeout.read or LONGEST_S):
            return http.request(method, url, **request)
    except httpx.HTTPError as error:
        raise unavailable(channel, Bilingual(
            f"gave no answer ({type(error).__name__})",
            f"没有应答（{type(error).__name__}）")) from error


def unavailable(channel: str, what: Bilingual) -> ChannelUnavailable:
    return ChannelUnavailable(Bilingual(
        f"channel {channel!r} {what}; ask again later",
        f"渠道“{channel}”{what.zh}；请稍后再查询"), details={"retry_after_s": RETRY_AFTER_S})


def answered_status(channel: str, status: int) -> ChannelUnavailable:
    return unavailable(channel, Bilingual(f"answered with HTTP {status}", f"应答为 HTTP {status}"))


def not_authentic(channel: str) -> ChannelUnavailable:
    return unavailable(channel, Bilingual("sent an answer that is not authentic", "的应答签名无效"))


def not_understood(channel: str) -> ChannelUnavailable:
    return unavailable(channel, Bilingual("sent an answer that is not understood", "的应答无法识别"))


def not_accepted(channel: str, status: int, needs: str) -> ChannelMisconfigured:
    """The channel does not know who asks: asking again is of no use before somebody mends the configuration.

    Still nothing is known of what it did before. needs: keys of the channel's section.
    """
    return ChannelMisconfigured(
        Bilingual(
            f"channel {channel!r} does not accept who we say we are (HTTP {status}); "
            f"services.payment.{channel} needs the "
            f"{needs} that the channel knows",
            f"渠道“{channel}”不认可本商户身份（HTTP {status}）；services.payment.{channel} 须填写渠道登记的 {needs}")
    )


def refused(channel: str, code: str, message: str) -> ChannelRefused:
    return ChannelRefused(Bilingual(
        f"channel {channel!r} refused: {message}",
        f"渠道“{channel}”拒绝：{in_locale(message, 'zh')}"), details={"channel_code": code})
