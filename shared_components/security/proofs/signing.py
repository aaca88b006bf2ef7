"""Tickets that are signed once for a session, and again shortly before they end."""
from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime

from shared_components.kernel.acting import Ticket
from shared_components.security.proofs.access_tokens import Session
from shared_components.security.proofs.tickets import LONGEST, TicketSigner

LEAST_LEFT_S = 60.0
MOST_TICKETS = 20_000


class FreshTickets:
    """Signs one ticket a token and audience, and gives it again while a minute of it is left."""

    def __init__(self, signer: TicketSigner) -> None:
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
