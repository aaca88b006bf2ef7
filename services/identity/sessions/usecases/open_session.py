"""Open a session for a person whose sign-in was proved, and raise it by a further proof."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.ports import HasDepartments, HasMemberships, HasRealms
from services.identity.directory.domain.realm import SANDBOX
from services.identity.sessions.domain.errors import SessionOver, SignInRefused
from services.identity.sessions.domain.methods import supported_level
from services.identity.sessions.domain.ports import HasSessions, HasTokenPolicy
from services.identity.sessions.domain.session import Office, Session, require_kind
from services.identity.subjects.domain import states as subject_states
from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.ports import HasPolicy, HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.dates import end_of_china_day
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

OPENED, STEPPED_UP = "session.opened", "session.stepped-up"


class OpenSessionTx(
    HasClock, HasDepartments, HasMemberships, HasPolicy, HasRealms, HasSessions, HasSubjects, HasTokenPolicy,
    EvidenceTx, Protocol,
):
    """The transaction of opening a session."""


class StepUpTx(HasClock, HasPolicy, HasSessions, HasSubjects, EvidenceTx, Protocol):
    """The transaction of raising a session."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """realm_id: tenant of the population: the realm's own, or that of its sandbox.

    amr: how the person has signed in (RFC 8176), and at what time. level: that this sign-in supports, where a table of
    its own says so, as for another identity provider; None: what `amr` supports.
    membership_id: of an officer's session. device: a name that the person recognises it by.
    """

    realm_id: str
    subject_id: str
    kind: str
    amr: tuple[str, ...]
    level: int | None = None
    membership_id: str | None = None
    device: str | None = field(default=None, repr=False)
    auth_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepUp:
    """A further proof in a session. level: as in OpenSession."""

    session_id: str
    amr: tuple[str, ...]
    level: int | None = None


def open_session(tx: OpenSessionTx, command: OpenSession, context: CallContext | None) -> Session:
    """Always a new session, whatever the browser had before. Raises SignInRefused."""
    require_kind(command.kind, command.membership_id)
    now = tx.clock.now()
    subject = _active_subject(tx, command.realm_id, command.subject_id)
    proven = supported_level(command.amr) if command.level is None else command.level
    level = min(subject.level(tx.policy.levels, now), proven)
    if level < 1:
        raise SignInRefused
    office, ends_by = _office(tx, command, now)
    lifetime = tx.tokens.lifetimes.of(command.kind)
    ends_at = now + lifetime.absolute
    session = Session(
        session_id=new_id("ses"), realm_id=command.realm_id, subject_id=subject.subject_id, kind=command.kind,
        amr=tuple(sorted(set(command.amr))), auth_time=command.auth_time or now, proven_level=proven,
        granted_level=level, opened_at=now, used_at=now, ends_at=ends_at if ends_by is None else min(ends_at, ends_by),
        idle=lifetime.idle, level=level, level_until=tx.policy.levels.held_until(subject.standing, level, now),
        office=office, device=command.device)
    tx.sessions.add(session)
    tx.record_evidence(
        context, owner=session.realm_id, action=OPENED, about=session.session_id, basis="platform",
        details={"subject_id": session.subject_id, "kind": session.kind, "amr": list(session.amr), "level": level,
                 "membership_id": session.membership})
    return session


def step_up(tx: StepUpTx, command: StepUp, context: CallContext | None) -> Session:
    """The session after a further proof by its person. Raises SessionOver, SignInRefused."""
    now = tx.clock.now()
    session = tx.sessions.lock(command.session_id)
    if session is None:
        raise SessionOver
    session.require_live(now)
    subject = _active_subject(tx, session.realm_id, session.subject_id)
    amr = (*session.amr, *command.amr)
    proven = supported_level(amr) if command.level is None else command.level
    raised = session.stepped_up(command.amr, proven, subject.level(tx.policy.levels, now), now)
    tx.sessions.save(raised)
    tx.record_evidence(
        context, owner=session.realm_id, action=STEPPED_UP, about=session.session_id, basis="platform",
        details={"subject_id": session.subject_id, "amr": list(raised.amr), "level": raised.level})
    return raised


def _active_subject(tx: HasSubjects, realm_id: str, subject_id: str) -> Subject:
    subject = tx.subjects.get(realm_id, subject_id)
    if subject is None or subject.state != subject_states.ACTIVE or subject.merged_into is not None:
        raise SignInRefused
    return subject


def _office(tx: OpenSessionTx, command: OpenSession, now: datetime) -> tuple[Office | None, datetime | None]:
    """The membership of an officer's session, and when it ends by itself."""
    if command.kind == CITIZEN:
        return None, None
    entry = tx.realms.entry(command.realm_id)
    if entry is None:
        raise SignInRefused
    membership = _membership(tx, entry.realm_id, command, now)
    department = tx.departments.get(entry.realm_id, membership.department_id)
    if department is None:
        raise SignInRefused
    tenant = department.sandbox_tenant if entry.environment == SANDBOX else department.tenant
    until = membership.valid_until
    return Office(membership.membership_id, tenant, membership.roles), end_of_china_day(until) if until else None


def _membership(tx: HasMemberships, realm_id: str, command: OpenSession, now: datetime) -> Membership:
    today = china_today(now)
    for membership in tx.memberships.active(realm_id, subject_id=command.subject_id):
        if membership.membership_id == command.membership_id and membership.holds(today):
            return membership
    raise SignInRefused
