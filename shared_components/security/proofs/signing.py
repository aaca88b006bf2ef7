"""Tickets that are signed once for a session, and again shortly before they end."""
from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import datetime

from shared_components.kernel.acting import Acting, Ticket
from shared_components.security.errors import KeyConfigurationError
from shared_components.security.proofs.access_tokens import Session
from shared_components.security.proofs.tickets import LONGEST, LOOK_EVERY_S, TicketSigner
from shared_components.security.tokens import SigningKey

log = logging.getLogger(__name__)

LEAST_LEFT_S = 60.0
MOST_TICKETS = 20_000
TAKEN_UP_AFTER_S = 120.0
"""A key that comes while a process runs signs after this: by then all have its public key."""


class FollowedSigner:
    """Signs tickets of one service with the newest key of its folder, which is looked at again every half minute.

    newest: raises KeyConfigurationError, at first only.
    """

    def __init__(self, newest: Callable[[], SigningKey], *, issuer: str) -> None:
        self._newest, self._issuer = newest, issuer
        self._key = newest()
        self._signer = TicketSigner(self._key, issuer=issuer)
        self._waiting: tuple[str, float] | None = None
        self._looked_at_s: float | None = None

    def sign(
        self, acting: Acting, *, app: str, department: str, audience: Collection[str], at: datetime,
        until_s: float | None = None,
    ) -> Ticket:
        """As TicketSigner does."""
        self._follow(at.timestamp())
        return self._signer.sign(
            acting, app=app, department=department, audience=audience, at=at, until_s=until_s)

    def _follow(self, now_s: float) -> None:
        if self._looked_at_s is not None and abs(now_s - self._looked_at_s) < LOOK_EVERY_S:
            return
        self._looked_at_s = now_s
        try:
            newest = self._newest()
        except KeyConfigurationError as error:
            log.error("security.keys.not_read", extra={"problem": str(error)})
            return
        if newest.kid == self._key.kid:
            self._waiting = None
        elif self._waiting is None or self._waiting[0] != newest.kid:
            self._waiting = (newest.kid, now_s)
        elif now_s - self._waiting[1] >= TAKEN_UP_AFTER_S:
            self._key, self._waiting = newest, None
            self._signer = TicketSigner(newest, issuer=self._issuer)


class FreshTickets:
    """Signs one ticket a token and audience, and gives it again while a minute of it is left."""

    def __init__(self, signer: TicketSigner | FollowedSigner) -> None:
        self._signer = signer
        self._kept: OrderedDict[tuple[bytes, tuple[str, ...]], tuple[Ticket, float]] = OrderedDict()

    def ticket_for(
        self, token: str, session: Session, *, department: str, audience: Collection[str], at: datetime,
    ) -> Ticket:
        """token: whose verdict the ticket carries. department: of the app. audience: services that may take it."""
        now_s = at.timestamp()
        key = (hashlib.sha256(f"{department}\0{token}".encode()).digest(), tuple(sorted(audience)))
        kept = self._kept.get(key)
        if kept is not None and now_s < kept[1]:
            return kept[0]
        ticket = self._signer.sign(
            session.acting, app=session.app, department=department, audience=audience, at=at,
            until_s=session.expires_s)
        ends_s = min(session.expires_s, now_s + LONGEST.total_seconds())
        self._kept[key] = (ticket, max(now_s, ends_s - LEAST_LEFT_S))
        while len(self._kept) > MOST_TICKETS:
            self._kept.popitem(last=False)
        return ticket
