"""Limits of attempts: how often who may guess what.

A counter is free again when nothing was taken for a whole window. So no window, wherever it begins, holds more attempts
than the limit, and attempts that are refused do not keep the owner out longer.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """scope: what is counted. attempts: at most, in any window."""

    scope: str
    attempts: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """identifier, device, address: told to everybody alike. account, account_day: of the account behind an identifier;
    never told, since that would tell that two identifiers are one person's. known_device: of one account and a device
    that has signed in to it before, which no stranger can use up. second: of a second factor.
    """

    identifier: Limit = Limit("identifier", 10, timedelta(minutes=15))
    account: Limit = Limit("account", 10, timedelta(minutes=15))
    account_day: Limit = Limit("account-day", 100, timedelta(days=1))
    known_device: Limit = Limit("known-device", 10, timedelta(minutes=15))
    device: Limit = Limit("device", 20, timedelta(minutes=15))
    address: Limit = Limit("address", 100, timedelta(minutes=15))
    second: Limit = Limit("second", 5, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` codes to one number in any `window`."""

    count: int
    window: timedelta


CODE_RATES = (Rate(1, timedelta(minutes=1)), Rate(5, timedelta(hours=1)), Rate(10, timedelta(days=1)))
