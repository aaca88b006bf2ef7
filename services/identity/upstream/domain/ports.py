"""Ports: sign-ins that wait for their answer, and links of accounts."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.upstream.domain.provider import SignIn


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that was begun. binding: the login's interaction; subject_id: whose account is to be linked."""

    population: str
    provider: str
    sign_in: SignIn
    binding: str
    expires_at: datetime
    subject_id: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An account with a person at a provider. upstream_key: keyed hash of issuer and stable id."""

    link_id: str
    population: str
    provider: str
    upstream_key: str
    subject_id: str
    created_at: datetime
    last_used_at: datetime


class SignIns(Protocol):
    def add(self, waiting: Waiting) -> None: ...

    def take(self, state: str, *, provider: str, binding: str, at: datetime) -> Waiting | None:
        """Use up a sign-in: it is given once, to the provider and the browser for which it was begun, in time."""
        ...


class Links(Protocol):
    def key_of(self, population: str, issuer: str, upstream_id: str) -> str: ...

    def find(self, population: str, upstream_key: str) -> Link | None: ...

    def add(self, link: Link) -> None:
        """Raises LinkTaken."""
        ...

    def used(self, link_id: str, at: datetime) -> None: ...

    def of(self, subject_id: str) -> Sequence[Link]:
        """Oldest first."""
        ...

    def move(self, subject_id: str, survivor_id: str) -> None:
        """Point the links of a merged subject to the one that stays."""
        ...

    def remove(self, subject_id: str, link_id: str) -> bool:
        """Tell whether the subject had the link."""
        ...

    def remove_all(self, subject_id: str) -> None: ...


class HasSignIns(Protocol):
    @property
    def upstream_sign_ins(self) -> SignIns: ...


class HasLinks(Protocol):
    @property
    def upstream_links(self) -> Links: ...
