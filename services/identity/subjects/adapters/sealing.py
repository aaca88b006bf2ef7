"""Facts about a subject's row as each call sees it; a permit decides by them.

An app reads subjects that it registered, and the subject that acts in its session; an officer reads subjects that the
officer's department registered; services and operators read all subjects of the realm.
Source: docs/adr/055-subjects-of-a-population.md
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from typing import Any, NamedTuple

from services.identity.subjects.adapters.registrations import ANY_APP, Registration
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.apps import is_app
from shared_components.kernel.calls import CallContext
from shared_components.security.authority import Facts


class Sight(NamedTuple):
    """The facts that a group of calls needs besides the rows. populations: tenant → population."""

    populations: Mapping[str, str]
    registrations: Set[Registration]


def department_of(context: CallContext) -> str:
    """The department for which the call reads: the officer's, else the app's, else the tenant that a service names."""
    acting = context.acting
    if acting is not None and acting.kind != CITIZEN and acting.department is not None:
        return acting.department
    return context.department or context.tenant


def needs_sight(context: CallContext, row: Any) -> bool:
    """Tell whether the row alone does not decide: another tenant, or another app of this one, registered it."""
    return row.tenant_id != department_of(context) or (
        row.registered_by is not None and row.registered_by != context.caller)


def facts_of(context: CallContext, row: Any, sight: Sight) -> Facts:
    """Give the facts for one call: tenant is the caller's department where the department reaches the subject."""
    department, subject_id = department_of(context), row.subject_id
    subjects = {"subject": subject_id}
    first = Facts(row.tenant_id, subjects, made_by=row.registered_by, thing=subject_id)
    acting = context.acting
    registered = _registered(sight.registrations, subject_id, department)
    if acting is not None and acting.kind != CITIZEN:
        here = row.tenant_id == department or registered
        return Facts(department if here else row.tenant_id, subjects, thing=subject_id)
    if not _is_of_realm(context, row, sight):
        return first
    if not is_app(context.caller) or (acting is not None and acting.holder == subject_id):
        # The department stands for the one that registered the subject: who has not registered it leaves a use record.
        keeper = None if row.tenant_id == department or registered else row.tenant_id
        return Facts(department, subjects, thing=subject_id, keeper=keeper)
    if context.caller in registered or ANY_APP in registered:
        return Facts(department, subjects, made_by=context.caller, thing=subject_id)
    return first


def _is_of_realm(context: CallContext, row: Any, sight: Sight) -> bool:
    return row.tenant_id == context.tenant or (
        row.population is not None and row.population == sight.populations.get(context.tenant))


def _registered(registrations: Collection[Registration], subject_id: str, tenant: str) -> set[str]:
    return {each.app for each in registrations if each.subject_id == subject_id and each.tenant == tenant}
