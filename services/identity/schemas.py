"""The events of all topics."""
from __future__ import annotations

from services.identity.credentials.schemas import EVENTS as CREDENTIAL_EVENTS
from services.identity.directory.schemas import EVENTS as DIRECTORY_EVENTS
from services.identity.mandates.schemas import EVENTS as MANDATE_EVENTS
from services.identity.privacy.schemas import EVENTS as PRIVACY_EVENTS
from services.identity.subjects.schemas import EVENTS as SUBJECT_EVENTS

EVENTS = (
    *SUBJECT_EVENTS,
    *DIRECTORY_EVENTS,
    *CREDENTIAL_EVENTS,
    *MANDATE_EVENTS,
    *PRIVACY_EVENTS,
)
