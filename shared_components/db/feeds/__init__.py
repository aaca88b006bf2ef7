"""Feeds: numbered, gap-free changes of one service, of which other services keep a copy to decide by.

The producer appends in the transaction of the effect. A copy polls; what it asks tells the producer how far it is, and
the answer gives it a lease. A copy without a lease says that it is stale. So a revocation may be answered when every
copy with a lease has it.
"""
from shared_components.db.feeds.compaction import compact
from shared_components.db.feeds.copies import FeedCopy, FeedStale
from shared_components.db.feeds.migration import create_feed_copy_tables, create_feed_tables
from shared_components.db.feeds.pages import LEASE_S, Entry, Page
from shared_components.db.feeds.producer import append, entries_of, is_confirmed, read_feed, wait_until_confirmed
from shared_components.db.feeds.recorder import FeedRecorder, FeedScope
from shared_components.db.feeds.tables import include_feed_tables

__all__ = [
    "LEASE_S", "Entry", "FeedCopy", "FeedRecorder", "FeedScope", "FeedStale", "Page", "append", "compact",
    "create_feed_copy_tables", "create_feed_tables", "entries_of",
    "include_feed_tables", "is_confirmed", "read_feed", "wait_until_confirmed",
]
