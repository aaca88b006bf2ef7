"""The events that end a session, or what it gave an app: each is refused from its answer on, everywhere."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

import pytest

from services.identity.directory import schemas
from services.identity.directory.usecases.close_app import close_app
from services.identity.directory.usecases.memberships import end_membership
from services.identity.sessions.domain import reasons
from services.identity.sessions.domain.errors import RefreshRefused
from services.identity.sessions.domain.grant import ActsFor
from services.identity.sessions.usecases.end_session import end_sessions_of, revoke_grants
from services.identity.sessions.usecases.issue_tokens import IssueTokens, TokenSet, issue_tokens
from services.identity.subjects import schemas as subject_schemas
from services.identity.subjects import usecases as subject_usecases
from services.identity.subjects.domain import states
from shared_components.kernel.acting import Mandate
from shared_components.kernel.errors import AppError
from shared_components.security.authority.errors import AppClosed, MandateMissing, SessionEnded
from shared_components.security.errors import TokenExpired
from tests.unit.identity.sessions.world import APP, SCOPES, Logins


class Ended(NamedTuple):
    """over: tokens of what must have ended. on: those of what must go on. by: how verifiers refuse the first."""

    over: TokenSet
    on: TokenSet
    by: type[AppError] = SessionEnded


def refused(logins: Logins, given: TokenSet, by: type[AppError] = SessionEnded) -> None:
    with pytest.raises(by):
        logins.verify(given.access_token)
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token)


def the_session_is_ended(logins: Logins) -> Ended:
    subject = logins.person()
    session, given = logins.login(subject)
    _, other = logins.login(subject)
    logins.end(session)
    return Ended(given, other)


def a_credential_is_changed(logins: Logins) -> Ended:
    subject = logins.person()
    _, given = logins.login(subject)
    here, kept = logins.login(subject)
    with logins.transactions.begin("city") as tx:
        tx.session_endings.credential_changed(subject, except_session=here.session_id)
    return Ended(given, kept)


def all_sessions_but_one_are_ended(logins: Logins) -> Ended:
    subject = logins.person()
    _, given = logins.login(subject)
    here, kept = logins.login(subject)
    assert logins.run(end_sessions_of, subject, reasons.BY_OWNER, None, except_=here.session_id) == 1
    return Ended(given, kept)


def a_person_is(logins: Logins, state: str) -> Ended:
    subject = logins.person()
    _, given = logins.login(subject)
    _, other = logins.login()
    logins.directory.call(
        partial(subject_usecases.change_state, target=state), subject_schemas.ChangeState, subject_id=subject,
        reason="r")
    return Ended(given, other)


def a_person_is_frozen(logins: Logins) -> Ended:
    return a_person_is(logins, states.FROZEN)


def a_person_is_closed(logins: Logins) -> Ended:
    return a_person_is(logins, states.CLOSED)


def a_person_is_merged_into_another_one(logins: Logins) -> Ended:
    merged, survivor = logins.person(), logins.person()
    _, given = logins.login(merged)
    _, kept = logins.login(survivor)
    logins.directory.call(
        subject_usecases.merge_subjects, subject_schemas.MergeSubjects, subject_id=survivor, merged_id=merged,
        reason="r")
    return Ended(given, kept)


def the_membership_is_ended(logins: Logins) -> Ended:
    subject, membership = logins.officer()
    _, given = logins.login(subject, membership=membership)
    _, own = logins.login(subject)
    logins.directory.call(end_membership, schemas.EndMembership, membership_id=membership)
    return Ended(given, own)


def the_department_is_merged(logins: Logins) -> Ended:
    subject, membership = logins.officer()
    _, given = logins.login(subject, membership=membership)
    _, own = logins.login(subject)
    successor = logins.directory.add("公安局").department_id
    logins.directory.merge(logins.department.department_id, successor)
    return Ended(given, own)


def the_mandate_ends(logins: Logins) -> Ended:
    subject = logins.person()
    session = logins.open(subject)
    acts_for = ActsFor("sub_company", Mandate("man_1", frozenset(SCOPES)))
    given = logins.run(issue_tokens, IssueTokens(session, APP, SCOPES, acts_for))
    own = logins.issue(session)
    with logins.transactions.begin("city") as tx:
        tx.session_endings.mandate_ended("man_1")
    return Ended(given, own, MandateMissing)


def the_app_is_closed(logins: Logins) -> Ended:
    logins.directory.register("app-shut", logins.department.department_id)
    logins.directory.approve("app-shut", logins.department.department_id)
    session = logins.open(logins.person())
    given, kept = logins.issue(session, "app-shut"), logins.issue(session)
    logins.directory.call(close_app, schemas.ByApp, app="app-shut")
    with pytest.raises(AppClosed):
        logins.verify(given.access_token, "app-shut")
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token, "app-shut")
    logins.end(session)
    return Ended(kept, logins.login()[1])


def the_apps_last_key_is_revoked(logins: Logins) -> Ended:
    key = logins.directory.register("app-shut", logins.department.department_id)
    session = logins.open(logins.person())
    given = logins.issue(session, "app-shut-sandbox")
    second = logins.directory.issue("app-shut", "sandbox")
    logins.directory.revoke("app-shut", key.key_id)
    # A change of keys logs nobody out.
    given = logins.refresh(given.refresh_token, "app-shut-sandbox")
    logins.directory.revoke("app-shut", second.key_id)
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token, "app-shut-sandbox")
    kept = logins.issue(session)
    logins.end(session)
    return Ended(kept, logins.login()[1])


def a_consent_is_revoked(logins: Logins) -> Ended:
    session, given = logins.login()
    other = logins.issue(session, "app-other")
    assert logins.run(
        revoke_grants, reasons.CONSENT_REVOKED, None, subject_id=session.subject_id, app="app-other") == 1
    with pytest.raises(SessionEnded):
        logins.verify(other.access_token, "app-other")
    with pytest.raises(RefreshRefused):
        logins.refresh(other.refresh_token, "app-other")
    logins.verify(given.access_token)
    logins.end(session)
    return Ended(given, logins.login()[1])


EVENTS: list[Callable[[Logins], Ended]] = [
    the_session_is_ended, a_credential_is_changed, all_sessions_but_one_are_ended, a_person_is_frozen,
    a_person_is_closed, a_person_is_merged_into_another_one, the_membership_is_ended, the_department_is_merged,
    the_mandate_ends, the_app_is_closed, the_apps_last_key_is_revoked, a_consent_is_revoked,
]


@pytest.mark.parametrize("what", EVENTS, ids=lambda event: event.__name__)
def test_an_event_ends_the_sessions_that_it_should(logins: Logins, what: Callable[[Logins], Ended]) -> None:
    ended = what(logins)
    refused(logins, ended.over, ended.by)
    logins.verify(ended.on.access_token)
    logins.refresh(ended.on.refresh_token)


def test_a_membership_that_ends_by_itself_ends_its_session(logins: Logins) -> None:
    subject, membership = logins.officer(valid_until=date(2026, 3, 1).isoformat())
    session, given = logins.login(subject, membership=membership)
    assert session.ends_at.isoformat() == "2026-03-01T16:00:00+00:00"  # midnight in China
    logins.wait(hours=8)
    with pytest.raises(TokenExpired):
        logins.verify(given.access_token)
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token)
