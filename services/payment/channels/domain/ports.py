"""Ports of payment channels."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from services.payment.channels.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)


class Channel(Protocol):
    """A payment channel. Its methods but `read` do network I/O and are never called inside a transaction."""

    @property
    def name(self) -> str: ...

    def prepay(self, request: PrepayRequest) -> Prepaid:
        """Raises ChannelUnavailable, ChannelRefused, as all of these do."""
        ...

    def payment(self, order_id: str) -> PaymentStatus: ...

    def refund(self, request: RefundRequest) -> RefundStatus: ...

    def refund_status(self, request: RefundRequest) -> RefundStatus: ...

    def close(self, order_id: str) -> None:
        """Let nobody pay it any more; done before is done. Raises ChannelRefused also when it is paid or unknown."""
        ...

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        """Verify and understand a notification.

        Raises NotificationNotAuthentic, NotificationMalformed, NotificationMismatch (another merchant's).
        """
        ...


@runtime_checkable
class OffersStatements(Protocol):
    """A channel whose statement of a day can be fetched, in our own format."""

    def statement(self, day: date) -> bytes: ...


class Channels(Protocol):
    def named(self, name: str) -> Channel:
        """Raises ChannelUnknown, ChannelNotBuilt or ChannelNotConfigured."""
        ...

    def configured(self) -> list[str]:
        """The names that `named` takes."""
        ...

    def circuit_open(self) -> Collection[str]:
        """Those that have stopped answering and are not to be asked just now; what can wait should."""
        ...


class HasChannels(Protocol):
    @property
    def channels(self) -> Channels: ...
