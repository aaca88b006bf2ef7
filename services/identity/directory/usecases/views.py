"""Departments, memberships, apps and their history as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.identity.directory.domain import states
from services.identity.directory.domain.access import Access
from services.identity.directory.domain.app import App, caller_name
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.change import Change
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.realm import SANDBOX


@dataclass(frozen=True, slots=True)
class DepartmentView:
    department_id: str
    parent_id: str | None
    name: str
    code: str | None
    credit_code: str | None
    tenant: str
    sandbox_tenant: str
    state: str
    state_label: str
    successor_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OwnedTenantsView:
    department: DepartmentView
    tenants: Sequence[str]


@dataclass(frozen=True, slots=True)
class MembershipView:
    membership_id: str
    department_id: str
    subject_id: str
    roles: Sequence[str]
    valid_from: date
    valid_until: date | None
    state: str
    state_label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeySetView:
    keys: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AccessView:
    scopes: Sequence[str]
    in_flight: int | None
    calls_per_s: int | None
    redirect_uris: Sequence[str]
    post_logout_redirect_uris: Sequence[str]
    client_type: str
    jwks: KeySetView | None
    sensitive_scopes: Sequence[str]


@dataclass(frozen=True, slots=True)
class AppKeyView:
    key_id: str
    environment: str
    state: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppView:
    app: str
    sandbox_app: str
    department_id: str
    tenant: str
    sandbox_tenant: str
    kind: str
    title: str
    state: str
    state_label: str
    production: str
    production_label: str
    draft: AccessView
    approved: AccessView | None
    keys: Sequence[AppKeyView]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedKeyView:
    app: str
    environment: str
    key_id: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeView:
    thing: str
    thing_id: str
    revision: int
    what: str
    facts: Mapping[str, Any]
    actor: str
    at: datetime


def department(it: Department) -> DepartmentView:
    return DepartmentView(
        department_id=it.department_id, parent_id=it.parent_id, name=it.name, code=it.code,
        credit_code=it.credit_code, tenant=it.tenant, sandbox_tenant=it.sandbox_tenant, state=it.state,
        state_label=states.DEPARTMENT_LABELS[it.state], successor_id=it.successor_id, created_at=it.created_at)


def membership(it: Membership) -> MembershipView:
    return MembershipView(
        membership_id=it.membership_id, department_id=it.department_id, subject_id=it.subject_id, roles=it.roles,
        valid_from=it.valid_from, valid_until=it.valid_until, state=it.state,
        state_label=states.MEMBERSHIP_LABELS[it.state], created_at=it.created_at)


def app(it: App, keys: Sequence[AppKey]) -> AppView:
    return AppView(
        app=it.app, sandbox_app=caller_name(it.app, SANDBOX), department_id=it.department_id, tenant=it.tenant,
        sandbox_tenant=it.sandbox_tenant, kind=it.kind, title=it.title, state=it.state,
        state_label=states.APP_LABELS[it.state], production=it.production,
        production_label=states.PRODUCTION_LABELS[it.production], draft=_access(it.draft),
        approved=None if it.approved is None else _access(it.approved), keys=list(map(_key, keys)),
        created_at=it.created_at)


def change(it: Change) -> ChangeView:
    return ChangeView(it.thing, it.thing_id, it.revision, it.what, it.facts, it.actor, it.at)


def _access(it: Access) -> AccessView:
    return AccessView(
        it.scopes, it.in_flight, it.calls_per_s, it.redirect_uris, it.post_logout_redirect_uris, it.client_type,
        None if it.jwks is None else KeySetView(it.jwks["keys"]),
        it.sensitive_scopes)


def _key(it: AppKey) -> AppKeyView:
    return AppKeyView(it.key_id, it.environment, it.state, it.created_at, it.revoked_at)
