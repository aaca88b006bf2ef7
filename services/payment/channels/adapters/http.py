"""The HTTP client that all channels share."""
from __future__ import annotations

from typing import Any

import httpx

from services.payment.channels.adapters.limited_http import limited_transport, whole_limit
from services.payment.channels.domain.errors import ChannelNotConfigured, ChannelRefused, ChannelUnavailable

RETRY_AFTER_S = 5
LONGEST_S = 30


def client(timeout_s: float, base_url: str = "") -> httpx.Client:
    """One keep-alive pool to one channel; httpx's blocking client, so it is green where sockets are."""
    # No proxy from the environment: the address is configured, and what is sent there is about money.
    return httpx.Client(
        base_url=base_url, timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 3)), trust_env=False,
        follow_redirects=False, transport=limited_transport(),
    )


def send(channel: str, http: httpx.Client, method: str, url: str, **request: Any) -> httpx.Response:
    """Raises ChannelUnavailable when there is no answer within the client's timeout, from connecting to the last byte.

    What the channel did is then not known.
    """
    try:
        with whole_limit(http.timeout.read or LONGEST_S):
            return http.request(method, url, **request)
    except httpx.HTTPError as error:
        raise unavailable(channel, f"gave no answer ({type(error).__name__})") from error


def unavailable(channel: str, what: str) -> ChannelUnavailable:
    return ChannelUnavailable(f"channel {channel!r} {what}; ask again later", details={"retry_after_s": RETRY_AFTER_S})


def not_understood(channel: str) -> ChannelUnavailable:
    return unavailable(channel, "sent an answer that is not understood")


def not_accepted(channel: str, status: int, needs: str) -> ChannelNotConfigured:
    """The channel does not know who asks: asking again is of no use before somebody mends the configuration.

    Still nothing is known of what it did before. needs: keys of the channel's section.
    """
    return ChannelNotConfigured(
        f"channel {channel!r} does not accept who we say we are (HTTP {status}); services.payment.{channel} needs the "
        f"{needs} that the channel knows"
    )


def refused(channel: str, code: str, message: str) -> ChannelRefused:
    return ChannelRefused(f"channel {channel!r} refused: {message}", details={"channel_code": code})
