"""Write the history of a change, and record its event."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.identity.directory.domain import change, states
from services.identity.directory.domain.app import App
from services.identity.directory.domain.change import Change
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.ports import RecordsChanges

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def record_department(
    tx: RecordsChanges, department: Department, what: str, context: CallContext, **facts: Any,
) -> None:
    _record(tx, change.DEPARTMENT, department.department_id, department, what, context, facts)
    emit_department_changed(tx, department)


def record_membership(
    tx: RecordsChanges, membership: Membership, what: str, context: CallContext, **facts: Any,
) -> None:
    _record(tx, change.MEMBERSHIP, membership.membership_id, membership, what, context, facts)
    emit_membership_changed(tx, membership)


def record_app(tx: RecordsChanges, app: App, what: str, context: CallContext, **facts: Any) -> None:
    _record(tx, change.APP, app.app, app, what, context, facts)
    emit_app_changed(tx, app)


def emit_department_changed(tx: RecordsChanges, department: Department) -> None:
    _emit(tx, states.DEPARTMENT_CHANGED, department.department_id, department, {
        "department_id": department.department_id, "parent_id": department.parent_id, "state": department.state,
        "successor_id": department.successor_id,
    })


def emit_membership_changed(tx: RecordsChanges, membership: Membership) -> None:
    _emit(tx, states.MEMBERSHIP_CHANGED, membership.membership_id, membership, {
        "membership_id": membership.membership_id, "department_id": membership.department_id,
        "subject_id": membership.subject_id, "state": membership.state,
    })


def emit_app_changed(tx: RecordsChanges, app: App) -> None:
    _emit(tx, states.APP_CHANGED, app.app, app, {
        "app": app.app, "department_id": app.department_id, "state": app.state, "production": app.production,
    })


def _record(
    tx: RecordsChanges, thing: str, thing_id: str, changed: Department | Membership | App, what: str,
    context: CallContext, facts: Mapping[str, Any],
) -> None:
    tx.history.add(
        Change(thing, thing_id, changed.revision, changed.realm_id, what, context.caller, tx.clock.now(), facts))
    tx.record_evidence(context, owner=changed.realm_id, action=what, about=thing_id, details=facts)


def _emit(
    tx: RecordsChanges, type: str, aggregate: str, changed: Department | Membership | App, data: Mapping[str, Any],
) -> None:
    tx.events.record(
        type, aggregate=aggregate, tenant=changed.realm_id, sequence=changed.revision,
        data={**data, "realm_id": changed.realm_id, "changed_at": tx.clock.now()})
