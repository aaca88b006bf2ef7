"""Rows of the directory, from and to the domain."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.identity.directory.domain.access import CONFIDENTIAL, Access
from services.identity.directory.domain.app import App
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.change import Change
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.realm import Realm
from services.identity.directory.models import (
    AppKeyRow,
    AppRow,
    DepartmentRow,
    DirectoryChangeRow,
    MembershipRow,
    RealmRow,
)


def realm_row(realm: Realm) -> dict[str, Any]:
    return {
        "tenant_id": realm.realm_id, "name": realm.name, "sandbox_tenant": realm.sandbox_tenant,
        "department_id": realm.department_id, "created_at": realm.created_at,
    }


def realm_of(row: RealmRow) -> Realm:
    return Realm(row.tenant_id, row.name, row.sandbox_tenant, row.created_at, row.department_id)


def department_row(department: Department) -> dict[str, Any]:
    return {
        "department_id": department.department_id, "tenant_id": department.realm_id,
        "parent_id": department.parent_id, "name": department.name, "code": department.code,
        "credit_code": department.credit_code, "tenant": department.tenant,
        "sandbox_tenant": department.sandbox_tenant, "state": department.state,
        "successor_id": department.successor_id, "revision": department.revision,
        "created_at": department.created_at,
    }


def department_of(row: DepartmentRow) -> Department:
    return Department(
        department_id=row.department_id, realm_id=row.tenant_id, parent_id=row.parent_id, name=row.name,
        code=row.code, credit_code=row.credit_code, tenant=row.tenant, sandbox_tenant=row.sandbox_tenant,
        created_at=row.created_at, state=row.state, successor_id=row.successor_id, revision=row.revision)


def membership_row(membership: Membership) -> dict[str, Any]:
    return {
        "membership_id": membership.membership_id, "tenant_id": membership.realm_id,
        "department_id": membership.department_id, "subject_id": membership.subject_id,
        "roles": list(membership.roles), "valid_from": membership.valid_from, "valid_until": membership.valid_until,
        "state": membership.state, "revision": membership.revision, "created_at": membership.created_at,
    }


def membership_of(row: MembershipRow) -> Membership:
    return Membership(
        membership_id=row.membership_id, realm_id=row.tenant_id, department_id=row.department_id,
        subject_id=row.subject_id, roles=tuple(row.roles), valid_from=row.valid_from, valid_until=row.valid_until,
        created_at=row.created_at, state=row.state, revision=row.revision)


def app_row(app: App) -> dict[str, Any]:
    return {
        "app": app.app, "tenant_id": app.realm_id, "department_id": app.department_id, "tenant": app.tenant,
        "sandbox_tenant": app.sandbox_tenant, "kind": app.kind, "title": app.title, "state": app.state,
        "production": app.production, "draft": _access_out(app.draft),
        "approved": None if app.approved is None else _access_out(app.approved), "requested_by": app.requested_by,
        "revision": app.revision, "created_at": app.created_at, "broker_keys": dict(app.broker_keys) or None,
    }


def app_of(row: AppRow) -> App:
    return App(
        app=row.app, realm_id=row.tenant_id, department_id=row.department_id, tenant=row.tenant,
        sandbox_tenant=row.sandbox_tenant, kind=row.kind, title=row.title, created_at=row.created_at,
        state=row.state, production=row.production, draft=_access_in(row.draft),
        approved=None if row.approved is None else _access_in(row.approved), requested_by=row.requested_by,
        revision=row.revision, broker_keys=row.broker_keys or {})


def key_row(key: AppKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id, "tenant_id": key.realm_id, "app": key.app, "environment": key.environment,
        "key_hash": key.key_hash, "state": key.state, "created_at": key.created_at, "revoked_at": key.revoked_at,
        "broker_hash": key.broker_hash,
    }


def key_of(row: AppKeyRow) -> AppKey:
    return AppKey(
        key_id=row.key_id, realm_id=row.tenant_id, app=row.app, environment=row.environment, key_hash=row.key_hash,
        created_at=row.created_at, state=row.state, revoked_at=row.revoked_at, broker_hash=row.broker_hash)


def change_row(change: Change) -> dict[str, Any]:
    return {
        "thing_id": change.thing_id, "revision": change.revision, "tenant_id": change.realm_id,
        "thing": change.thing, "what": change.what, "facts": dict(change.facts), "actor": change.actor,
        "at": change.at,
    }


def change_of(row: DirectoryChangeRow) -> Change:
    return Change(
        thing=row.thing, thing_id=row.thing_id, revision=row.revision, realm_id=row.tenant_id, what=row.what,
        actor=row.actor, at=row.at, facts=row.facts)


def _access_out(access: Access) -> dict[str, Any]:
    return {
        "scopes": list(access.scopes), "in_flight": access.in_flight, "calls_per_s": access.calls_per_s,
        "redirect_uris": list(access.redirect_uris),
        "post_logout_redirect_uris": list(access.post_logout_redirect_uris), "client_type": access.client_type,
        "jwks": access.jwks, "sensitive_scopes": list(access.sensitive_scopes),
    }


def _access_in(stored: Mapping[str, Any]) -> Access:
    # Rows of versions before login have the first four only.
    return Access(
        tuple(stored["scopes"]), stored["in_flight"], stored["calls_per_s"], tuple(stored["redirect_uris"]),
        tuple(stored.get("post_logout_redirect_uris", ())), stored.get("client_type", CONFIDENTIAL),
        stored.get("jwks"), tuple(stored.get("sensitive_scopes", ())))
