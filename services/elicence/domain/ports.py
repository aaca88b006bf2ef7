"""Ports of the use cases; adapters satisfy them, and so does the in-memory fake of the tests."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from services.elicence.domain.licence import Change, Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.policy import Policy
from services.elicence.domain.presentation import Presentation
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError

SerialKey = tuple[str, str, int]
"""(type code, issuer code, year): what serial numbers are counted by."""


@dataclass(frozen=True, slots=True)
class TypePage:
    """after: a type code. type_code: only this one."""

    limit: int
    after: str | None = None
    type_code: str | None = None


@dataclass(frozen=True, slots=True)
class HolderPage:
    """before: a licence id."""

    holder_subject: str
    limit: int
    type_code: str | None = None
    before: str | None = None


class Types(Protocol):
    def current(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], LicenceType]:
        """wanted: (tenant, type code) pairs; unknown ones are absent."""
        ...

    def put(self, kind: LicenceType, at: datetime) -> LicenceType:
        """Make it the current version; one that says the same as the current one changes nothing."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, TypePage]]) -> list[list[LicenceType]]:
        """For each call the current versions by code."""
        ...


class Licences(Protocol):
    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Licence | AppError]:
        """The licence of each call by its id. LicenceNotFound stands also for one that the call may not see."""
        ...

    def survivors(self, subject_ids: Collection[str]) -> Mapping[str, str]:
        """The subjects that those of them who were merged have become, by the merged one's id."""
        ...

    def read_by_identifier(self, asked: Sequence[tuple[CallContext, str]]) -> list[Licence | AppError]:
        """As `read`, by identifier."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, HolderPage]]) -> list[list[Licence]]:
        """For each call the holder's licences that it may see, newest first."""
        ...

    def shown(self, licence_ids: Collection[str]) -> dict[str, Licence]:
        """Give licences of any department whose holders have shown them, by id."""
        ...

    def by_identifiers(self, identifiers: Collection[str]) -> dict[str, Licence]: ...

    def lock(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Licence]:
        """By (tenant, licence id); nobody else changes them before this transaction ends."""
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
    def add(self, presentations: Sequence[Presentation]) -> None: ...

    def lock(self, selectors: Collection[str]) -> dict[str, Presentation]:
        """Give presentations of any department by selector."""
        ...

    def use(self, presentation_ids: Collection[str], at: datetime) -> set[str]:
        """Use presentations; gives those that nobody else used before."""
        ...

    def purge(self, before: datetime, limit: int) -> int:
        """Delete those that ended before; gives how many."""
        ...


class Serials(Protocol):
    def take(self, wanted: Mapping[SerialKey, int]) -> dict[SerialKey, int]:
        """The first number of a block of so many; no number is ever given twice, and a gap means nothing."""
        ...


class HolderKeys(Protocol):
    def holder_key(self, tenant: str, id_type: str, id_number: str) -> str:
        """A keyed hash of an identity number: equal for equal numbers within a tenant, telling nothing else."""
        ...


class PresentationCodes(Protocol):
    def new(self) -> str:
        """A code that nobody can guess, without separators."""
        ...

    def digest(self, tenant: str, code: str) -> bytes:
        """A keyed hash of a code."""
        ...


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


class HasHolderKeys(Protocol):
    @property
    def holder_keys(self) -> HolderKeys: ...


class HasPresentationCodes(Protocol):
    @property
    def codes(self) -> PresentationCodes: ...


Tx_co = TypeVar("Tx_co", covariant=True)


class BeginsForAllTenants(Protocol[Tx_co]):
    def begin(self) -> AbstractContextManager[Tx_co]:
        """A transaction over all tenants; commits at the end, rolls back on an exception."""
        ...
