"""The decision for one call and one row: deny by default, seven ways in."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_components.kernel.acting import CITIZEN, Acting, Mandate
from shared_components.kernel.apps import is_app
from shared_components.kernel.callers import OUTSIDE_PREFIX
from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import (
    AGREEMENT,
    GRANT,
    HOLDER,
    OUTSIDE,
    OWN,
    PLATFORM,
    PUBLIC,
    MethodRule,
)
from shared_components.security.authority.admission import admit, covers
from shared_components.security.authority.copies import NO_COPIES, Copies
from shared_components.security.authority.errors import AgreementsNotServed, GrantsNotServed, RowHidden
from shared_components.security.authority.facts import Facts


class Permit:
    """One call may use one row. Made by `permit` alone.

    basis: the way in. fields: those that may leave; None: all.
    """

    __slots__ = ("basis", "facts", "fields")

    def __init__(self, basis: str, fields: frozenset[str] | None, facts: Facts) -> None:
        self.basis = basis
        self.fields = fields
        self.facts = facts

    def narrow(self, view: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out of a view what the permit does not cover."""
        fields = self.fields
        return dict(view) if fields is None else {name: value for name, value in view.items() if name in fields}


def permit(context: CallContext, rule: MethodRule, facts: Facts, copies: Copies = NO_COPIES) -> Permit:
    """Decide whether the call may use the row, on which basis, and which fields.

    Raises RowHidden (NotFound) where the caller may not see the row, Forbidden and Unauthenticated for what does not
    depend on the row, and Forbidden with details where the caller's department holds or held a grant.
    Source: docs/adr/051-one-decision-for-every-call.md
    """
    basis = rule.basis
    acting = context.acting
    if acting is not None or rule.as_subject:
        admit(context, rule, copies)
    if PUBLIC in basis:
        return Permit(PUBLIC, None, facts)
    if acting is None:
        found = _without_person(context, basis, facts)
    elif acting.kind == CITIZEN:
        found = _as_citizen(context, acting, rule, facts, copies)
    else:
        found = _as_officer(context, acting, basis, facts, copies)
    if found is None:
        raise _refusal(context, rule, facts, copies)
    return found


def department_of(context: CallContext) -> str | None:
    """The department of the app that calls; None: a service, an operator or an outside system calls."""
    if context.department is not None:
        return context.department
    return context.tenant if is_app(context.caller) else None


def _without_person(context: CallContext, basis: frozenset[str], facts: Facts) -> Permit | None:
    department = context.department
    if department is None:
        caller = context.caller
        if caller.startswith(OUTSIDE_PREFIX):
            registered = OUTSIDE in basis and facts.registered_for == caller.removeprefix(OUTSIDE_PREFIX)
            return Permit(OUTSIDE, None, facts) if registered else None
        if not is_app(caller):
            return Permit(PLATFORM, None, facts) if PLATFORM in basis and facts.tenant == context.tenant else None
        department = context.tenant
    if OWN not in basis:
        return None
    if facts.tenant == department:
        made_by = facts.made_by
        return Permit(OWN, None, facts) if made_by is None or context.reaches(made_by) else None
    # A maker of another department reads what it wrote and the state, nothing more.
    return Permit(OWN, facts.written, facts) if facts.made_by == context.caller else None


def _as_citizen(
    context: CallContext, acting: Acting, rule: MethodRule, facts: Facts, copies: Copies,
) -> Permit | None:
    holder = acting.holder
    subjects = facts.subjects
    if holder not in subjects.values():
        return None
    if not any(subjects.get(role) == holder for role in rule.about):
        return None
    if not covers(acting.scopes, rule.resource, facts.resource):
        return None
    if acting.mandate is not None and not _is_within(acting.mandate, rule, facts):
        return None
    basis = rule.basis
    if facts.tenant == department_of(context):
        if OWN in basis and (facts.made_by is None or context.reaches(facts.made_by)):
            return Permit(OWN, None, facts)
    elif not copies.is_portal(context.caller) and not _consents(context.caller, holder, rule, facts, copies):
        return None
    return Permit(HOLDER, None, facts) if HOLDER in basis else None


def _consents(app: str, holder: str, rule: MethodRule, facts: Facts, copies: Copies) -> bool:
    """Tell whether the holder has let the app see things of this kind, or of the row's own type."""
    return copies.consents(holder, app, rule.resource) or (
        facts.resource != "" and copies.consents(holder, app, facts.resource))


def _is_within(mandate: Mandate, rule: MethodRule, facts: Facts) -> bool:
    if not covers(mandate.scopes, rule.resource, facts.resource):
        return False
    if mandate.matters and facts.matter not in mandate.matters:
        return False
    limit, amount = mandate.limit_minor, facts.amount_minor
    return limit is None or amount is None or amount <= limit


def _as_officer(
    context: CallContext, acting: Acting, basis: frozenset[str], facts: Facts, copies: Copies,
) -> Permit | None:
    department = acting.department
    if OWN not in basis or department is None or facts.tenant != department:
        return None
    if department_of(context) not in (department, None) and not copies.is_console(context.caller):
        return None
    return Permit(OWN, None, facts)


def _refusal(context: CallContext, rule: MethodRule, facts: Facts, copies: Copies) -> Exception:
    """Tell more than "there is no such thing" only where the caller's department holds or held a grant."""
    department = department_of(context)
    basis = rule.basis
    if GRANT in basis and department is not None and copies.knows_grant(department, facts.tenant, rule.resource):
        return GrantsNotServed(details={"owner": facts.tenant, "resource": rule.resource})
    purpose = context.purpose
    if AGREEMENT in basis and department is None and purpose and copies.knows_agreement(facts.tenant, purpose):
        return AgreementsNotServed(details={"owner": facts.tenant, "purpose": purpose})
    return RowHidden()
