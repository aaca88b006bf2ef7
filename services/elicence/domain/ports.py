"""What the use cases need of the outside; adapters give it, and so does the in-memory fake of the tests."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol, TypeVar

from services.elicence.domain.licence import Change, Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.policy import Policy
from services.elicence.domain.presentation import Presentation

SerialKey = tuple[str, str, int]
"""(type code, issuer code, year): what serial numbers are counted by."""


class Types(Protocol):
    def current(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], LicenceType]:
        """wanted: (tenant, type code) pairs; unknown ones are absent."""
        ...

    def put(self, kind: LicenceType, at: datetime) -> LicenceType:
        """Make it the current version; one that says the same as the current one changes nothing."""
        ...

    def page(self, tenant: str, *, after: str | None, limit: int) -> list[LicenceType]:
        """Current versions by code; after: a type code."""
        ...


class Licences(Protocol):
    def get(self, tenant: str, *, licence_id: str | None = None, identifier: str | None = None) -> Licence | None: ...

    def page(
        self, tenant: str, holder_subject: str, *, type_code: str | None, before: str | None, limit: int
    ) -> list[Licence]:
        """Newest first; before: a licence id."""
        ...

    def by_ids(self, licence_ids: Collection[str]) -> dict[str, Licence]: ...

    def by_identifiers(self, identifiers: Collection[str]) -> dict[str, Licence]: ...

    def lock(self, tenant: str, licence_id: str) -> Licence | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def lock_for_issue(self, holder_keys: Collection[str], identifiers: Collection[str]) -> list[Licence]:
        """The active licences of these holders, and those with these identifiers, locked."""
        ...

    def lock_ended(self, before: date, limit: int) -> list[Licence]:
        """Active licences of any tenant whose last day was before; those that others hold are passed over."""
        ...

    def add(self, licences: Sequence[Licence]) -> None:
        """Raises ActiveLicenceExists when somebody else was first."""
        ...

    def apply(self, changes: Sequence[Change], actor: str) -> None:
        """Store changes of locked licences, and remember each in their history."""
        ...


class Presentations(Protocol):
    def add(self, presentation: Presentation) -> None: ...

    def lock(self, selectors: Collection[str]) -> dict[str, Presentation]:
        """By selector; nobody else uses them before this transaction ends."""
        ...

    def use(self, presentation_ids: Collection[str], at: datetime) -> None: ...

    def purge(self, before: datetime, limit: int) -> int:
        """Delete those that ended before; gives how many."""
        ...


class Serials(Protocol):
    def take(self, wanted: Mapping[SerialKey, int]) -> dict[SerialKey, int]:
        """The first number of a block of so many; no number is ever given twice, and a gap means nothing."""
        ...


class Secrecy(Protocol):
    def holder_key(self, tenant: str, id_type: str, id_number: str) -> str:
        """A keyed hash of an identity number: equal for equal numbers within a tenant, telling nothing else."""
        ...

    def new_code(self) -> str:
        """A presentation code that nobody can guess, without separators."""
        ...

    def digest(self, tenant: str, code: str) -> bytes: ...


class HasPolicy(Protocol):
    @property
    def policy(self) -> Policy: ...


class HasTypes(Protocol):
    @property
    def types(self) -> Types: ...


class HasLicences(Protocol):
    @property
    def licences(self) -> Licences: ...


class HasPresentations(Protocol):
    @property
    def presentations(self) -> Presentations: ...


class HasSerials(Protocol):
    @property
    def serials(self) -> Serials: ...


class HasSecrecy(Protocol):
    @property
    def secrecy(self) -> Secrecy: ...


Tx_co = TypeVar("Tx_co", covariant=True)


class BeginsForAllTenants(Protocol[Tx_co]):
    def begin(self) -> AbstractContextManager[Tx_co]:
        """A transaction over all tenants; commits at the end, rolls back on an exception."""
        ...
