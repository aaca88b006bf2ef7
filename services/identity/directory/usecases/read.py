"""Queries of the directory, in pages."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.app import app_of_caller
from services.identity.directory.domain.ports import (
    HasApps,
    HasDepartments,
    HasHistory,
    HasMemberships,
    HasRealms,
)
from services.identity.directory.usecases import views
from services.identity.directory.usecases.close_app import ByApp
from services.identity.directory.usecases.lookups import department_of, realm_of
from services.identity.directory.usecases.managed_app import calling_console, managed_app
from shared_components.kernel.apps import is_app
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from services.identity.directory.domain.realm import Realm
    from shared_components.kernel.calls import CallContext

DEPARTMENTS = PagedList[str]("identity.list_departments", str)
MEMBERSHIPS = PagedList[str]("identity.list_memberships", str)
APPS = PagedList[str]("identity.list_apps", str)
CHANGES = PagedList[int]("identity.list_directory_changes", int)


class ReadDepartmentsTx(HasRealms, HasDepartments, Protocol):
    """The transaction of reading departments."""


class ReadMembershipsTx(HasRealms, HasMemberships, Protocol):
    """The transaction of reading memberships."""


class ReadAppsTx(HasRealms, HasApps, Protocol):
    """The transaction of reading apps."""


class ReadHistoryTx(HasRealms, HasHistory, Protocol):
    """The transaction of reading the history."""


@dataclass(frozen=True, slots=True)
class GetDepartment:
    department_id: str


@dataclass(frozen=True, slots=True)
class ListDepartments:
    """parent_id, state: None is any."""

    parent_id: str | None = None
    state: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListMemberships:
    department_id: str | None = None
    subject_id: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListApps:
    department_id: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListChanges:
    thing_id: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def get_department(tx: ReadDepartmentsTx, command: GetDepartment, context: CallContext) -> views.OwnedTenantsView:
    """Raises DepartmentNotFound."""
    realm = realm_of(tx, context)
    department = department_of(tx, realm, command.department_id)
    return views.OwnedTenantsView(
        views.department(department), tx.departments.tenants(realm.realm_id, department.department_id))


def list_departments(
    tx: ReadDepartmentsTx, command: ListDepartments, context: CallContext,
) -> PageView[views.DepartmentView]:
    realm = realm_of(tx, context)
    page = DEPARTMENTS.asked(command, realm.realm_id)
    found = tx.departments.page(
        realm.realm_id, parent_id=command.parent_id, state=command.state, after=page.after, limit=page.fetch)
    return page.view(found, view=views.department, key=lambda each: each.department_id)


def list_memberships(
    tx: ReadMembershipsTx, command: ListMemberships, context: CallContext,
) -> PageView[views.MembershipView]:
    realm = realm_of(tx, context)
    page = MEMBERSHIPS.asked(command, realm.realm_id)
    found = tx.memberships.page(
        realm.realm_id, department_id=command.department_id, subject_id=command.subject_id, after=page.after,
        limit=page.fetch)
    return page.view(found, view=views.membership, key=lambda each: each.membership_id)


def get_app(tx: ReadAppsTx, command: ByApp, context: CallContext) -> views.AppView:
    """Raises AppNotFound."""
    _, app = managed_app(tx, command.app, context, lock=False)
    return views.app(app, tx.apps.keys([app.app])[app.app])


def list_apps(tx: ReadAppsTx, command: ListApps, context: CallContext) -> PageView[views.AppView]:
    """Apps that the caller manages."""
    realm = realm_of(tx, context)
    department_id, only = _managed(tx, realm, command, context)
    page = APPS.asked(command, realm.realm_id, context.caller if is_app(context.caller) else None)
    found = tx.apps.page(
        realm.realm_id, department_id=department_id, only=only, after=page.after, limit=page.fetch)
    keys = tx.apps.keys([app.app for app in found])
    return page.view(found, view=lambda app: views.app(app, keys[app.app]), key=lambda app: app.app)


def list_changes(tx: ReadHistoryTx, command: ListChanges, context: CallContext) -> PageView[views.ChangeView]:
    """History of a department, membership or app, newest first."""
    realm = realm_of(tx, context)
    page = CHANGES.asked(command, realm.realm_id)
    found = tx.history.page(realm.realm_id, command.thing_id, before=page.after, limit=page.fetch)
    return page.view(found, view=views.change, key=lambda change: change.revision)


def _managed(
    tx: ReadAppsTx, realm: Realm, command: ListApps, context: CallContext,
) -> tuple[str | None, str | None]:
    """The department and the one app to which the caller's list is limited."""
    if not is_app(context.caller):
        return command.department_id, None
    console = calling_console(tx, realm, context)
    if console is None:
        return command.department_id, app_of_caller(context.caller)
    return console.department_id, None
