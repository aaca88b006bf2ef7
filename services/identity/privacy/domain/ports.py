"""Ports of personal-information requests."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.identity.privacy.domain.request import PersonalRequest, Term
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """Information that identity holds of a person, as JSON, with a signature (Ed25519) to show it to others by."""

    request_id: str
    subject_id: str
    population: str
    document: bytes = field(repr=False)
    key_id: str
    signature: bytes
    made_at: datetime
    expires_at: datetime


class PersonalRequests(Protocol):
    def add(self, request: PersonalRequest) -> None: ...

    def save(self, request: PersonalRequest) -> None:
        """Store the decision about a locked request."""
        ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[PersonalRequest | AppError]:
        """Give each call its request, or PersonalRequestNotFound."""
        ...

    def lock(self, request_id: str) -> PersonalRequest | None: ...

    def has_open(self, subject_id: str, kind: str) -> bool: ...

    def page(
        self, context: CallContext, *, subject_id: str | None, keeper: str | None, state: str | None,
        before: str | None, limit: int,
    ) -> Sequence[PersonalRequest]:
        """Newest first, of one person or of one department."""
        ...

    def of(self, subject_id: str) -> Sequence[PersonalRequest]: ...


class PersonalCopies(Protocol):
    def seal(self, document: Any) -> tuple[bytes, str, bytes]:
        """The document as canonical JSON, with key id and signature."""
        ...

    def add(self, copy: SealedCopy) -> None: ...

    def get(self, request_id: str, at: datetime) -> SealedCopy | None: ...

    def kept(self, subject_id: str, at: datetime) -> Mapping[str, datetime]:
        """Request → until when its copy can be fetched."""
        ...

    def purge(self, at: datetime) -> int:
        """Delete copies whose time is over; gives how many."""
        ...

    def remove_of(self, subject_id: str) -> None: ...


class HasPersonalRequests(Protocol):
    @property
    def personal_requests(self) -> PersonalRequests: ...
    @property
    def personal_copies(self) -> PersonalCopies: ...
    @property
    def personal_term(self) -> Term: ...
