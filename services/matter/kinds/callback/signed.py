"""Signed callbacks: who signed one, and which were received."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SignedCallback:
    """source: who signed, as the configuration names the key's owner. content: the signed body, read.

    tenants: whose cases the key may answer; None for every tenant's.
    """

    key_id: str
    source: str
    content: Mapping[str, Any]
    digest: str
    tenants: frozenset[str] | None = None

    def may_answer(self, tenant: str) -> bool:
        return self.tenants is None or tenant in self.tenants


class CallbackVerifier(Protocol):
    def __call__(self, *, key_id: str, timestamp: str, signature: str, body: str, at: datetime) -> SignedCallback:
        """Raises SignatureMissing, SignatureInvalid, SignatureExpired, CallbackInvalid."""
        ...


@dataclass(frozen=True, slots=True)
class CallbackRecord:
    key_id: str
    callback_id: str
    case_id: str
    step: str
    digest: str
    received_at: datetime


CallbackKey = tuple[str, str, str]
"""Tenant, key id, callback id: what makes a callback unique."""


class Callbacks(Protocol):
    def find(self, wanted: Collection[CallbackKey]) -> dict[CallbackKey, CallbackRecord]: ...

    def add(self, new: Mapping[CallbackKey, CallbackRecord]) -> None: ...
