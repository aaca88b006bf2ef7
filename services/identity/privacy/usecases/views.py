"""Personal-information requests as the person and the officers see them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.identity.privacy.domain import states
from services.identity.privacy.domain.request import PersonalRequest
from shared_components.kernel.bilingual import in_locale


@dataclass(frozen=True, slots=True)
class PersonalRequestView:
    """correcting: names of the fields that are to be corrected; their values are shown to nobody here."""

    request_id: str
    subject_id: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    submitted_at: datetime
    due_at: datetime
    late: bool
    explanation: str | None = field(repr=False)
    correcting: Sequence[str]
    decided_at: datetime | None
    reason: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonalCopyView:
    """document: JSON, base64. signature: Ed25519 over the document, base64."""

    request_id: str
    document: str = field(repr=False)
    key_id: str
    signature: str
    made_at: datetime
    expires_at: datetime


def request(it: PersonalRequest, at: datetime, locale: str) -> PersonalRequestView:
    return PersonalRequestView(
        request_id=it.request_id, subject_id=it.subject_id, kind=it.kind,
        kind_label=in_locale(states.KIND_LABELS[it.kind], locale), state=it.state,
        state_label=in_locale(states.STATE_LABELS[it.state], locale), submitted_at=it.submitted_at, due_at=it.due_at,
        late=it.is_late(at), explanation=it.explanation, correcting=sorted(it.corrections), decided_at=it.decided_at,
        reason=it.reason)
