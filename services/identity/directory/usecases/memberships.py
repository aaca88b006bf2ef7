"""Give officers their departments and roles, and end that."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain import states
from services.identity.directory.domain.errors import (
    MembershipExists,
    MembershipNotFound,
    OfficerUnknown,
    PeriodInvalid,
)
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.ports import HasDepartments, HasMemberships, HasRealms, RecordsChanges
from services.identity.directory.domain.realm import Realm
from services.identity.directory.usecases import views
from services.identity.directory.usecases.lookups import department_of, realm_of
from services.identity.directory.usecases.records import record_membership
from services.identity.subjects.domain import states as subject_states
from services.identity.subjects.domain.documents import PERSON, china_today
from services.identity.subjects.domain.ports import HasSubjects
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ADDED, ENDED, ENDED_WITH_DEPARTMENT = "membership-added", "membership-ended", "ended-with-department"


class EndMembershipTx(RecordsChanges, HasRealms, HasMemberships, Protocol):
    """The transaction of ending a membership."""


class AddMembershipTx(EndMembershipTx, HasDepartments, HasSubjects, Protocol):
    """The transaction of adding a membership."""


class RecordMembershipTx(RecordsChanges, HasMemberships, Protocol):
    """The transaction of storing a changed membership."""


@dataclass(frozen=True, slots=True)
class AddMembership:
    """valid_from: None is today. valid_until: the last day; None: it does not end."""

    department_id: str
    subject_id: str
    roles: list[str]
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class EndMembership:
    membership_id: str


def add_membership(tx: AddMembershipTx, command: AddMembership, context: CallContext) -> views.MembershipView:
    """Raises DepartmentNotFound, DepartmentNotActive, OfficerUnknown, PeriodInvalid, MembershipExists."""
    realm = realm_of(tx, context)
    department = department_of(tx, realm, command.department_id).require_active()
    _require_officer(tx, realm, command.subject_id)
    now = tx.clock.now()
    membership = Membership(
        membership_id=new_id("mbr"), realm_id=realm.realm_id, department_id=department.department_id,
        subject_id=command.subject_id, roles=tuple(sorted(set(command.roles))),
        valid_from=command.valid_from or china_today(now), valid_until=command.valid_until, created_at=now)
    if membership.valid_until is not None and membership.valid_until < membership.valid_from:
        raise PeriodInvalid
    if tx.memberships.active(
            realm.realm_id, department_id=department.department_id, subject_id=command.subject_id):
        raise MembershipExists(Bilingual(
            f"subject {command.subject_id} is a member of {department.department_id}; end that membership first",
            f"{command.subject_id} 已在部门 {department.department_id} 任职；请先结束原任职关系"))
    tx.memberships.add(membership)
    record_membership(
        tx, membership, ADDED, context, department_id=department.department_id, roles=membership.roles,
        valid_from=membership.valid_from.isoformat(),
        valid_until=membership.valid_until.isoformat() if membership.valid_until else None)
    return views.membership(membership)


def end_membership(tx: EndMembershipTx, command: EndMembership, context: CallContext) -> views.MembershipView:
    """Raises MembershipNotFound, IllegalTransition."""
    membership = tx.memberships.lock(realm_of(tx, context).realm_id, command.membership_id)
    if membership is None:
        raise MembershipNotFound
    return views.membership(ended_membership(tx, membership, ENDED, context))


def ended_membership(tx: RecordMembershipTx, membership: Membership, what: str, context: CallContext) -> Membership:
    """Store and record that a membership has ended."""
    after = membership.ended()
    tx.memberships.save(after)
    record_membership(tx, after, what, context, state_before=states.ACTIVE)
    return after


def _require_officer(tx: HasSubjects, realm: Realm, subject_id: str) -> None:
    # A person of the sandbox may be an officer there: such a session exists in the sandbox alone.
    subject = tx.subjects.get(realm.realm_id, subject_id) or tx.subjects.get(realm.sandbox_tenant, subject_id)
    if subject is None or subject.kind != PERSON or subject.state != subject_states.ACTIVE:
        raise OfficerUnknown
