"""The mixin of services that keep copies of feeds: every half second one of their processes asks the producers."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from shared_components.bus.server.entrypoints import every
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import Page, read_feed
from shared_components.db.feeds.copies import poll
from shared_components.db.feeds.messages import page_of
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.bus.server.transactions import Transactions

log = logging.getLogger(__name__)

INTERVAL_S = 0.5
# Short: without a lease on the timer nobody asks, and after 2 s the copy is stale.
LEASE_S = 1.5
ASKING_S = 1.5


class FollowedFeed(NamedTuple):
    """A feed, and the service whose `read_feed` serves it."""

    service: str
    feed: str


class FeedFollowing:
    """Keeps the service's copies of `follows`.

    Its database needs create_feed_copy_tables; its TransactionProvider keeps them in memory (`copies`).
    """

    follows: ClassVar[Sequence[FollowedFeed]] = ()

    @every(seconds=INTERVAL_S, lease_s=LEASE_S)
    def follow_feeds(self, transactions: Transactions) -> None:
        """Ask each producer for what is new, and for a lease."""
        for followed in self.follows:
            try:
                follow(transactions, followed)
            except AppError as error:
                # Expected while the producer restarts. Calls of persons are told of it, and `zhongtai status` shows it.
                log.debug("bus.feed.not_read", extra={"feed": followed.feed, "code": error.code})


def follow(transactions: Transactions, followed: FollowedFeed) -> int:
    """Bring the copy of one feed up to date; gives its n. Raises what the producer's method raises."""
    provider = transactions.provider

    def ask(n: int, digest: str) -> Page:
        if followed.service == provider.contract.service:
            with provider.database.transaction(ALL_TENANTS) as session:
                return read_feed(session, followed.feed, followed.service, n, digest)
        request: dict[str, Any] = {"feed": followed.feed, "from_n": n, "digest": digest}
        return page_of(transactions.client.call(followed.service, "read_feed", request, timeout_s=ASKING_S))

    return poll(provider.database, followed.feed, ask)
