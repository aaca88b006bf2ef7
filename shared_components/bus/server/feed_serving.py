"""The mixin of services that produce feeds: it serves copies, and deletes the entries that nobody needs any more."""
from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from shared_components.bus.server.entrypoints import every, rpc_method
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import compact, read_feed
from shared_components.db.feeds.messages import FeedPage, ReadFeed, ReadFeedCommand, page_view
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import NotFound
from shared_components.kernel.load_classes import VITAL
from shared_components.kernel.method_rules import RuleArguments

if TYPE_CHECKING:
    from shared_components.bus.server.transactions import Transactions

log = logging.getLogger(__name__)

COMPACTION_INTERVAL_S = 600.0
FOR_SERVICES: RuleArguments = {
    "basis": ["platform"], "resource": "feed", "about": [], "roles": [], "level": 0, "as_subject": False,
    "discloses": False, "composable": False,
}


class FeedUnknown(NotFound):
    """The service produces no feed of this name."""

    code = "db.feed-unknown"
    texts = {"en": "There is no such feed.", "zh": "没有此数据源。"}


class FeedServing:
    """Serves the feeds that the service produces. Its database needs create_feed_tables."""

    produces: ClassVar[Sequence[str]] = ()
    # Kinds of entries whose removals need not stay in the feed.
    fleeting: ClassVar[Collection[str]] = ()

    @rpc_method(
        request=ReadFeed, reply=FeedPage, callers=["service"], errors=[FeedUnknown],
        own_transactions=True, **FOR_SERVICES,
        load_class=VITAL, zh="供各服务读取数据源的变更，并取得 2 秒的有效期。")
    def read_feed(self, transactions: Transactions, call: Call[ReadFeedCommand]) -> dict[str, Any]:
        """Give a copy what it lacks of a feed, or a lease of 2 s."""
        asked, keeper = call.data, call.context.caller
        if asked.feed not in self.produces:
            raise FeedUnknown(Bilingual(
                f"feed is '{asked.feed}'; one of {sorted(self.produces)} is allowed",
                f"数据源为“{asked.feed}”；只允许：{listed_zh(sorted(self.produces))}"))
        copy = keeper if asked.copy is None else f"{keeper}/{asked.copy}"
        # A lease is a write: by it a revocation knows for whom to wait.
        with transactions.provider.database.transaction(ALL_TENANTS) as session:
            return page_view(read_feed(session, asked.feed, copy, asked.from_n, asked.digest))

    @every(seconds=COMPACTION_INTERVAL_S)
    def compact_feeds(self, transactions: Transactions) -> None:
        """Delete entries that later ones replace and all copies have passed."""
        for feed in self.produces:
            with transactions.provider.database.transaction(ALL_TENANTS) as session:
                deleted = compact(session, feed, fleeting=self.fleeting)
            log.info("bus.feed.compacted", extra={"feed": feed, "entries": deleted})
