"""The person in whose session a call is made, as a token or a ticket states it."""
from __future__ import annotations

from typing import NamedTuple

CITIZEN, OFFICER = "citizen", "officer"
KINDS = (CITIZEN, OFFICER)


class Ticket(str):
    """A ticket's text. It is a secret: no log and no error shows it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Ticket(…)"


class Mandate(NamedTuple):
    """A subject acts for another (授权经办).

    scopes: resources it covers. matters: codes of matters it is limited to; empty: no such limit.
    limit_minor: the largest amount, in minor units; None: no limit.
    """

    mandate_id: str
    scopes: frozenset[str] = frozenset()
    matters: frozenset[str] = frozenset()
    limit_minor: int | None = None


class Acting(NamedTuple):
    """A live session of one person.

    subject: id of the person. session: id of the login; a session has one membership at most.
    kind: CITIZEN or OFFICER. level: of assurance, as a rank; a higher one covers a lower one.
    scopes: the resources that the session covers (`licence`, `licence:driving-licence`).
    roles, department: of an officer's membership. mandate, principal: under which, and for whom the person acts.
    grant: id of what the session gives the app; it may end before the session. None: of tokens without one.
    """

    subject: str
    session: str
    kind: str = CITIZEN
    level: int = 0
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    department: str | None = None
    mandate: Mandate | None = None
    principal: str | None = None
    grant: str | None = None

    @property
    def holder(self) -> str:
        """Whose things are meant: the principal's, or the person's own."""
        return self.principal or self.subject
