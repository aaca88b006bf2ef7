"""A file of a case: awaited while it is uploaded, then given; removed ones wait for the purge."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared_components.kernel.states import Edge, StateMachine

AWAITED, GIVEN, REMOVED = "awaited", "given", "removed"
STATE = StateMachine(
    "material", AWAITED,
    [Edge(AWAITED, GIVEN, "material-given"), Edge(AWAITED, REMOVED, "material-removed"),
     Edge(GIVEN, REMOVED, "material-removed")],
    final=[REMOVED])
UPLOAD_FOR = timedelta(minutes=10)
DOWNLOAD_FOR = timedelta(minutes=2)
UPLOAD, DOWNLOAD = "upload", "download"


@dataclass(frozen=True, slots=True)
class Material:
    """name: as the definition calls it. size: in bytes. key: of the content, 32 bytes; sha256: of the plain content.

    content_id: under which the store has it; a file that was given again for another case keeps it.
    """

    id: str
    content_id: str
    tenant: str
    case_id: str
    name: str
    state: str
    media_type: str
    size: int
    sha256: str | None
    key: bytes = field(repr=False)
    file_name: str | None = field(repr=False)
    created_at: datetime
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A right to upload or to download one file, once. digest: of the ticket, which only its holder knows.

    tenant: of the call that asked for it. owner: the department that keeps the file.
    """

    digest: str
    tenant: str
    owner: str
    material_id: str
    purpose: str
    until: datetime


def digest_of(ticket: str) -> str:
    """Tickets are 256 random bits: a plain hash is enough."""
    return hashlib.sha256(ticket.encode()).hexdigest()
