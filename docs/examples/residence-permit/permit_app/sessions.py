"""Sessions of browsers, kept here: tokens never go to a browser. A cookie names the session, and nothing else."""
from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "permit_session"
MOST = 10_000


@dataclass
class Session:
    """form_token: proves that a form was made here. people: who is logged in, by role (`citizen`, `desk`)."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    logins: dict[str, dict[str, str]] = field(default_factory=dict)


class Sessions:
    """In memory: one process. With several, keep them in a store that all share."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Session] = OrderedDict()

    def of(self, request: Request) -> Session:
        """The browser's session; a new one where there is none."""
        known = self._by_id.get(request.cookies.get(COOKIE, ""))
        if known is None:
            known = Session()
            self._by_id[known.id] = known
            while len(self._by_id) > MOST:
                self._by_id.popitem(last=False)
        return known

    def renew(self, session: Session) -> Session:
        """A new id after a login: whoever knew the old one has nothing."""
        self._by_id.pop(session.id, None)
        session.id = secrets.token_urlsafe(32)
        self._by_id[session.id] = session
        return session


def remember(response: Response, session: Session, *, secure: bool) -> Response:
    response.set_cookie(COOKIE, session.id, httponly=True, samesite="lax", secure=secure, path="/")
    return response
