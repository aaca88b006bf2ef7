"""Rights that one service gives and takes, and another lets be used: the two ends of a feed."""
from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from shared_components.bus import TransactionProvider, Transactions, TransactionScope, rpc_method
from shared_components.bus.server.feed_following import FeedFollowing, FollowedFeed
from shared_components.contracts.base import Message
from shared_components.db.feeds import append, read_feed, wait_until_confirmed
from shared_components.db.feeds.messages import FeedPage, ReadFeed, ReadFeedCommand, page_view
from shared_components.kernel.calls import Call
from tests.rules import OWN_THINGS

FEED, KIND = "rights", "right"


class Say(Message):
    key = fields.String(required=True)
    granted = fields.Boolean(required=True)


class Said(Message):
    n = fields.Integer(required=True)
    confirmed = fields.Boolean(required=True)


class Use(Message):
    key = fields.String(required=True)


class Used(Message):
    allowed = fields.Boolean(required=True)


class RightsProvider(TransactionProvider):
    def make(self, scope: TransactionScope) -> Session:
        return scope.session


class Steward:
    """Gives rights and takes them; a taking is answered when no copy can miss it."""

    name = "steward"
    transactions = RightsProvider()

    @rpc_method(request=Say, reply=Said, callers=("operator",), mutating=True, own_transactions=True, **OWN_THINGS)
    def say(self, transactions: Transactions, call: Call) -> Any:
        """Give or take a right."""
        with transactions.begin() as session:
            n = append(session, FEED, KIND, call.data["key"], {} if call.data["granted"] else None)
        confirmed = call.data["granted"] or wait_until_confirmed(transactions.provider.database, FEED, n)
        return {"n": n, "confirmed": confirmed}

    @rpc_method(request=ReadFeed, reply=FeedPage, callers=("porter",), own_transactions=True, **OWN_THINGS)
    def read_feed(self, transactions: Transactions, call: Call[ReadFeedCommand]) -> Any:
        """Serve a copy."""
        with transactions.begin() as session:
            page = read_feed(session, call.data.feed, call.context.caller, call.data.from_n, call.data.digest)
        return page_view(page)


class Porter(FeedFollowing):
    """Lets rights be used, by its copy."""

    name = "porter"
    transactions = RightsProvider()
    follows = (FollowedFeed(Steward.name, FEED),)

    @rpc_method(request=Use, reply=Used, callers=("operator",), own_transactions=True, **OWN_THINGS)
    def use(self, transactions: Transactions, call: Call) -> Any:
        """Use a right; `allowed` says whether there is one."""
        transactions.refresh_copies()
        copies = transactions.provider.copies
        assert copies is not None
        return {"allowed": (KIND, call.data["key"]) in copies.by_feed[FEED].data}
