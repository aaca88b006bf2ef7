"""Notify keys: `name-<service uuid>-<secret uuid>`, as the client libraries take them apart."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from shared_components.kernel.phone_number import PhoneNumberInvalid, parse_phone_number

LIVE, TEAM, TEST = "live", "team", "test"
KINDS = (LIVE, TEAM, TEST)
"""live: sends to anybody. team: to the recipients on its list. test: sends nothing, and says that it was delivered."""
MOST_PER_APP = 20
MOST_GUESTS = 50
_SERVICES = UUID("5d2c0a53-9a5e-4d8e-9f0c-6f7b1b1a4d10")
"""Names the service ids of this platform (RFC 9562, version 5)."""


@dataclass(frozen=True, slots=True)
class NotifyKey:
    """service_id: the app's, the same for all of its keys; the issuer of its tokens.

    secret: a UUID in text form; the key of HMAC. None: what is stored cannot be decrypted.
    guests: recipients that a team key may send to.
    """

    key_id: str
    tenant: str
    app: str
    service_id: str
    name: str
    kind: str
    created_at: datetime
    secret: str | None = field(default=None, repr=False)
    guests: Sequence[str] = field(default=(), repr=False)
    revoked_at: datetime | None = None

    @property
    def shown(self) -> str:
        """The key as its app gets it, once."""
        return f"{self.name}-{self.service_id}-{self.secret}"


def service_id_of(tenant: str, app: str) -> str:
    """The id under which an app's tokens name it."""
    return str(uuid5(_SERVICES, f"{tenant}\0{app}"))


def one_spelling(address: str) -> str:
    """The same text for every way of writing one phone number or e-mail address."""
    try:
        return str(parse_phone_number(address))
    except PhoneNumberInvalid:
        return address.strip().lower()
