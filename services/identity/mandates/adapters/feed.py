"""Live mandates in the directory's feed: services refuse a token whose mandate they do not find there."""
from __future__ import annotations

from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.states import ACTIVE
from shared_components.db.feeds import FeedRecorder

FEED, MANDATE = "directory", "mandate"


class MandateFeed:
    """Records what is stored: an active mandate by its id; any other one is removed."""

    def __init__(self, feed: FeedRecorder) -> None:
        self._feed = feed

    def stored(self, mandate: Mandate) -> None:
        """The transaction that ends a mandate is answered when no copy has it any more."""
        if mandate.state != ACTIVE:
            self._feed.record(FEED, MANDATE, mandate.mandate_id, None, revokes=True)
            return
        self._feed.record(FEED, MANDATE, mandate.mandate_id, {
            "principal": mandate.principal_id, "agent": mandate.agent_id,
            "until": mandate.ends_at.isoformat() if mandate.ends_at else None})
