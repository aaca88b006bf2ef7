"""Verdicts about access tokens by this process's copies: each text is verified once."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.identity.sessions.domain.ports import ActiveToken
from shared_components.security.authority.copies import Copies
from shared_components.security.errors import TokenInvalid, TooManyFailures
from shared_components.security.pairwise_ids import PairwiseIds
from shared_components.security.proofs.access_tokens import AccessTokens
from shared_components.security.proofs.sector_subjects import from_sector
from shared_components.security.tokens import FindKey


class FollowedTokens:
    """find: a key in the copy. copies: those that the process decides by now; both are fresh when `of` is called."""

    def __init__(self, find: FindKey, copies: Callable[[], Copies], pairwise: PairwiseIds) -> None:
        self._tokens = AccessTokens({}, issuer="", realm="", login=find)
        self._copies, self._pairwise = copies, pairwise

    def of(self, token: str, *, app: str, sector: str, at: datetime) -> ActiveToken | None:
        try:
            found = self._tokens.verify(token, app=app, at=at)
            acting, copies = from_sector(found.acting, self._pairwise, sector), self._copies()
        except (TokenInvalid, TooManyFailures):
            return None
        if copies.is_ended(acting.session) or (acting.grant is not None and copies.is_ended(acting.grant)):
            return None
        if copies.is_closed(app) or (acting.mandate is not None and not copies.is_live(acting.mandate.mandate_id)):
            return None
        if acting.department is not None and copies.has_left(acting.subject, acting.department):
            return None
        return ActiveToken(acting, found.expires_s)
