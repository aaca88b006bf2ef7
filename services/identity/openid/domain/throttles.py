"""Limits of the login server by address: of proofs that failed, and of requests that browsers begin."""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from services.identity.credentials.domain.attempts import Limit
from services.identity.openid.domain.errors import TooManyLoginRequests

WINDOW = timedelta(minutes=15)
CLIENT, CLIENT_ADDRESS = Limit("client", 20, WINDOW), Limit("client-address", 200, WINDOW)
BROWSER = Limit("oauth-browser", 1000, WINDOW)
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class OAuthLimits:
    """client: failed proofs of one client from one address. client_address: failed proofs from one address.

    browser: requests for a login or a logout from one address; nobody has to prove anything for them.
    """

    client: Limit = CLIENT
    client_address: Limit = CLIENT_ADDRESS
    browser: Limit = BROWSER

    def of_failures(self, address: str, client_id: str | None) -> Sequence[tuple[Limit, str]]:
        """The counters of a failed proof, in one order; client_id: as stated, also when there is no such client."""
        by_address = (self.client_address, address)
        return [by_address] if client_id is None else [by_address, (self.client, f"{address}/{client_id}")]


class UsedUp:
    """Counters of failed proofs that this process has seen used up, and until when. The tables have the counts."""

    def __init__(self) -> None:
        self._until: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def check(self, counters: Sequence[tuple[Limit, str]], now: datetime) -> None:
        """Raises TooManyLoginRequests."""
        for limit, value in counters:
            until = self._until.get((limit.scope, value))
            if until is not None and now < until:
                raise too_many(ceil((until - now).total_seconds()))

    def note(self, limit: Limit, value: str, until: datetime) -> None:
        self._until[limit.scope, value] = until
        self._until.move_to_end((limit.scope, value))
        while len(self._until) > MOST_REMEMBERED:
            self._until.popitem(last=False)


def too_many(wait_s: int) -> TooManyLoginRequests:
    return TooManyLoginRequests(details={"retry_after_s": max(1, wait_s)})
