"""Ports of the directory: what its use cases need of the tables."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from services.identity.directory.domain.app import App
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.change import Change
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.realm import Realm, RealmTenant
from services.identity.subjects.domain.ports import HasSubjects
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock, HasEvents


class Realms(Protocol):
    def add(self, realm: Realm) -> None:
        """Raises RealmExists."""
        ...

    def get(self, realm_id: str) -> Realm | None: ...

    def lock(self, realm_id: str) -> Realm | None:
        """Nobody else changes the realm's tree before this transaction ends."""
        ...

    def save(self, realm: Realm) -> None:
        """Store the owning department."""
        ...

    def entry(self, tenant: str) -> RealmTenant | None:
        """The realm and environment of a tenant id."""
        ...

    def enter(self, entry: RealmTenant) -> None:
        """Raises TenantTaken."""
        ...


class Departments(Protocol):
    def add(self, department: Department) -> None:
        """Store a new department, the owner of its two tenant ids. Raises DepartmentExists."""
        ...

    def get(self, realm_id: str, department_id: str) -> Department | None: ...

    def save(self, department: Department) -> None: ...

    def parents(self, realm_id: str) -> Mapping[str, str | None]:
        """Active departments → the department above each."""
        ...

    def active(self, realm_id: str) -> Sequence[Department]:
        """All active departments of the realm."""
        ...

    def find(
        self, realm_id: str, *, code: str | None = None, credit_code: str | None = None,
    ) -> Department | None:
        """By code, of any state; by credit code, of active ones."""
        ...

    def has_sibling(self, realm_id: str, parent_id: str | None, name: str, *, but: str | None = None) -> bool:
        """Whether another active department of this name stands below the same parent."""
        ...

    def page(
        self, realm_id: str, *, parent_id: str | None, state: str | None, after: str | None, limit: int,
    ) -> Sequence[Department]:
        """In the order of ids. parent_id, state: None is any."""
        ...

    def tenants(self, realm_id: str, department_id: str) -> Sequence[str]:
        """The tenant ids that the department owns: its own, and those of departments merged into it."""
        ...

    def owner_of(self, realm_id: str, tenant: str) -> str | None:
        """The department that owns a tenant id."""
        ...

    def hand_over(self, realm_id: str, department_id: str, successor_id: str) -> None:
        """Make the successor the owner of all tenant ids of the department."""
        ...


class Memberships(Protocol):
    def add(self, membership: Membership) -> None: ...

    def lock(self, realm_id: str, membership_id: str) -> Membership | None: ...

    def save(self, membership: Membership) -> None: ...

    def active(
        self, realm_id: str, *, department_id: str | None = None, subject_id: str | None = None,
    ) -> Sequence[Membership]:
        """Those that are not ended, whatever their period."""
        ...

    def page(
        self, realm_id: str, *, department_id: str | None, subject_id: str | None, after: str | None, limit: int,
    ) -> Sequence[Membership]: ...


class Apps(Protocol):
    def add(self, app: App) -> None:
        """Raises AppNameTaken."""
        ...

    def get(self, realm_id: str, name: str) -> App | None: ...

    def lock(self, realm_id: str, name: str) -> App | None: ...

    def save(self, app: App) -> None: ...

    def open_of(self, realm_id: str, department_id: str) -> Sequence[App]:
        """The department's apps that are not closed."""
        ...

    def page(
        self, realm_id: str, *, department_id: str | None, only: str | None, after: str | None, limit: int,
    ) -> Sequence[App]:
        """In the order of names. only: one app's name."""
        ...

    def page_of_active(self, *, after: str | None, limit: int) -> Sequence[App]:
        """Active apps of all realms, in the order of names."""
        ...

    def add_key(self, key: AppKey) -> None: ...

    def save_key(self, key: AppKey) -> None: ...

    def keys(self, names: Sequence[str]) -> Mapping[str, Sequence[AppKey]]:
        """The keys of each of these apps, oldest first."""
        ...


class History(Protocol):
    def add(self, change: Change) -> None: ...

    def page(self, realm_id: str, thing_id: str, *, before: int | None, limit: int) -> Sequence[Change]:
        """Newest first."""
        ...


class OfficeEndings(Protocol):
    """Ends sessions when an officer or an app loses rights, in the same transaction. Sessions are a later topic."""

    def membership_changed(self, membership: Membership) -> None:
        """A membership ended, or moved to another department."""
        ...

    def app_changed(self, app: App) -> None: ...

    def last_key_revoked(self, app: str, environment: str) -> None:
        """The app has no key left in this environment."""
        ...


class HasRealms(Protocol):
    @property
    def realms(self) -> Realms: ...


class HasDepartments(Protocol):
    @property
    def departments(self) -> Departments: ...


class HasMemberships(Protocol):
    @property
    def memberships(self) -> Memberships: ...


class HasApps(Protocol):
    @property
    def apps(self) -> Apps: ...


class HasHistory(Protocol):
    @property
    def history(self) -> History: ...


class RecordsChanges(HasClock, HasEvents, HasHistory, EvidenceTx, Protocol):
    """The parts that every change of the directory uses: a time, its history, its evidence, its event."""


class HasConfiguredApps(Protocol):
    @property
    def configured_apps(self) -> Collection[str]:
        """Names of apps that the platform's configuration has."""
        ...


class DirectoryTx(
    RecordsChanges, HasRealms, HasDepartments, HasMemberships, HasApps, HasConfiguredApps, HasSubjects, Protocol,
):
    """A transaction with everything that the use cases of the directory ask for."""
