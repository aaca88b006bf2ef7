"""The throttle of one request to an endpoint: by the address from which it came, told alike for everybody.

Source: docs/adr/092-the-login-server-counts-what-fails.md
"""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.identity.openid.domain.throttles import OAuthLimits, UsedUp, too_many
from services.identity.openid.usecases.authenticate import LONGEST_ID
from shared_components.bus import Transactions


class Throttles:
    """Limits of a process for its requests, and which counters it knows to be used up."""

    def __init__(self, limits: OAuthLimits | None = None) -> None:
        self.limits, self.used_up = limits or OAuthLimits(), UsedUp()


class Throttle:
    """The throttle of one request.

    tenant: under which counts are kept, one for all clients: else a count would tell which exist.
    address: None in requests of gateways that do not tell it; nothing is counted then.
    """

    def __init__(self, transactions: Transactions, tenant: str, address: str | None) -> None:
        self._transactions, self._tenant, self._address = transactions, tenant, address
        throttles: Throttles = transactions.provider.throttles
        self._limits, self._used_up = throttles.limits, throttles.used_up

    def check(self, client_id: str | None) -> None:
        """Raises TooManyLoginRequests after too many failures, before anything is compared."""
        if self._address is not None:
            counters = self._limits.of_failures(self._address, _countable(client_id))
            self._used_up.check(counters, self._transactions.clock.now())

    def note_failure(self, client_id: str | None) -> None:
        """Count a failed proof. Raises TooManyLoginRequests instead of the refusal when a counter is used up."""
        if self._address is None:
            return
        with self._transactions.begin(self._tenant) as tx:
            now: datetime = tx.clock.now()
            waits = []
            for limit, value in self._limits.of_failures(self._address, _countable(client_id)):
                if not tx.attempts.take(self._tenant, limit, value, now):
                    waits.append(_wait_s(tx, self._tenant, limit, value, now))
                    self._used_up.note(limit, value, now + timedelta(seconds=waits[-1]))
        if waits:
            raise too_many(max(waits))

    def take_request(self) -> None:
        """Count a request that a browser begins. Raises TooManyLoginRequests."""
        if self._address is None:
            return
        limit = self._limits.browser
        with self._transactions.begin(self._tenant) as tx:
            now: datetime = tx.clock.now()
            if tx.attempts.take(self._tenant, limit, self._address, now):
                return
            wait_s = _wait_s(tx, self._tenant, limit, self._address, now)
        raise too_many(wait_s)


def _wait_s(tx: Any, tenant: str, limit: Any, value: str, now: datetime) -> int:
    found: int = tx.attempts.wait_s(tenant, limit, value, now)
    return found


def _countable(client_id: str | None) -> str | None:
    """A longer name is no client's: it counts for the address alone."""
    return client_id if client_id is not None and len(client_id) <= LONGEST_ID else None
