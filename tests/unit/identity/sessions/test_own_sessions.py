"""A person sees and ends the own sessions, and no others; old ones are forgotten."""
from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services.identity.sessions.adapters.verdicts import FollowedTokens
from services.identity.sessions.domain.errors import SessionNotFound
from services.identity.sessions.domain.session import Session
from services.identity.sessions.models import GrantRow, RefreshTokenRow, SessionRow
from services.identity.sessions.usecases.forget import forget_endings, forget_sessions
from services.identity.sessions.usecases.introspect import IntrospectToken, introspect
from services.identity.sessions.usecases.open_session import StepUp, step_up
from services.identity.sessions.usecases.own_sessions import (
    EndOtherSessions,
    EndOwnSession,
    ListSessions,
    end_other_sessions,
    end_own_session,
    list_sessions,
)
from services.identity.sessions.usecases.views import TokenView
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import compact, entries_of
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import Call, CallContext
from shared_components.security.authority.copies import process_copies
from shared_components.security.authority.errors import SessionEnded
from shared_components.security.keys import KeyRing
from shared_components.security.pairwise_ids import PairwiseIds
from tests.unit.identity.directory.world import REALM
from tests.unit.identity.sessions.world import APP, Logins


def within(session: Session) -> CallContext:
    return CallContext(APP, REALM, acting=Acting(session.subject_id, session.session_id))


def test_a_person_lists_the_own_sessions_newest_first(logins: Logins) -> None:
    subject = logins.person()
    first, second = logins.open(subject), logins.open(subject, amr=["pwd", "otp"])
    logins.open(logins.person())
    page = logins.run(list_sessions, ListSessions(), within(first))
    assert [(each.session_id, each.current, each.amr) for each in page.items] == [
        (second.session_id, False, ("otp", "pwd")), (first.session_id, True, ("pwd",))]
    page = logins.run(list_sessions, ListSessions(limit=1), within(first))
    page = logins.run(list_sessions, ListSessions(limit=1, after=page.next), within(first))
    assert [each.session_id for each in page.items] == [first.session_id]


def test_a_person_ends_the_own_sessions_only(logins: Logins) -> None:
    subject = logins.person()
    here, other, third = (logins.open(subject) for _ in range(3))
    strangers, given = logins.login()
    for session_id in (strangers.session_id, "ses_unknown"):
        with pytest.raises(SessionNotFound):
            logins.run(end_own_session, EndOwnSession(session_id), within(here))
    assert logins.run(end_own_session, EndOwnSession(other.session_id), within(here)).ended == 1
    assert logins.run(end_own_session, EndOwnSession(other.session_id), within(here)).ended == 0
    assert logins.run(end_other_sessions, EndOtherSessions(), within(here)).ended == 1
    assert [each.session_id for each in logins.run(list_sessions, ListSessions(), within(here)).items] == [
        here.session_id]
    logins.verify(given.access_token)
    assert third.session_id != here.session_id


def test_a_step_up_raises_the_level_as_far_as_evidence_gives_it(logins: Logins) -> None:
    subject = logins.person()
    session = logins.open(subject)
    assert logins.run(step_up, StepUp(session.session_id, ("otp",)), None).level == 1
    logins.confirm(subject, "proof-of-presence")
    raised = logins.run(step_up, StepUp(session.session_id, ("otp",)), None)
    assert (raised.level, raised.amr, raised.session_id) == (3, ("otp", "pwd"), session.session_id)


def test_the_level_of_a_token_ends_with_its_evidence_and_so_does_the_session(logins: Logins) -> None:
    subject = logins.person()
    logins.confirm(subject, "proof-of-presence", days=1)
    session, given = logins.login(subject, amr=["pwd", "otp"])
    assert session.level == 3
    logins.wait(hours=23, minutes=55)
    given = logins.refresh(given.refresh_token)
    assert given.expires_in == 300  # no token states the level for longer than it holds
    logins.wait(minutes=6)
    assert given.refresh_token is not None
    with pytest.raises(Exception, match="refresh-token-invalid"):
        logins.refresh(given.refresh_token)
    assert logins.run(list_sessions, ListSessions(), within(session)).items == []


def asked(logins: Logins, token: str, app: str = APP) -> TokenView:
    logins.catch_up()
    verdicts = FollowedTokens(logins.copies.signing_key, process_copies, logins.transactions.secrets.pairwise_ids)
    context = CallContext(app, logins.department.tenant)
    (view,) = introspect(verdicts, [Call(IntrospectToken(token), context)], logins.clock.now())
    return view


def test_an_app_asks_about_tokens_of_its_own_only(logins: Logins) -> None:
    session, given = logins.login()
    view = asked(logins, given.access_token)
    assert (view.active, view.subject_id, view.scopes) == (True, session.subject_id, ("openid", "order"))
    for token, app in ((given.access_token, "app-other"), ("e30.e30.x", APP), (given.refresh_token, APP)):
        assert asked(logins, token or "", app) == TokenView(False)
    logins.end(session)
    assert asked(logins, given.access_token) == TokenView(False)


def test_a_verdict_names_the_person_by_the_real_id_also_where_tokens_have_ids_of_sectors(logins: Logins) -> None:
    logins.transactions.secrets.pairwise_ids = PairwiseIds(KeyRing({1: b"k" * 32}))
    session, given = logins.login()
    assert session.subject_id not in given.access_token
    assert asked(logins, given.access_token).subject_id == session.subject_id


def test_an_ending_stays_in_the_feed_as_long_as_a_token_could_live(logins: Logins) -> None:
    session, given = logins.login()
    logins.end(session)
    database = logins.transactions.database

    def known() -> set[str]:
        with database.reading(ALL_TENANTS) as found:
            return set(entries_of(found, "directory", "ended-session"))

    logins.wait(minutes=15)
    assert logins.run(forget_endings, tenant="*") == 0
    with pytest.raises(SessionEnded):
        # An old clock somewhere takes the token for a young one.
        logins.clock.advance(-logins.token_policy.lifetimes.access)
        logins.verify(given.access_token)
    logins.wait(minutes=10, seconds=1)
    assert known() == {session.session_id}
    assert logins.run(forget_endings, tenant="*") == 1
    assert known() == set()
    logins.catch_up()
    logins.catch_up()
    with database.transaction(ALL_TENANTS) as found:
        assert compact(found, "directory", fleeting=["ended-session"]) >= 1


def test_a_session_without_a_living_token_ends_without_an_entry(logins: Logins) -> None:
    session, _ = logins.login()
    logins.wait(minutes=16)
    logins.end(session)
    with logins.transactions.database.reading(ALL_TENANTS) as found:
        assert entries_of(found, "directory", "ended-session") == {}


def test_old_sessions_are_forgotten_with_all_that_they_gave(logins: Logins) -> None:
    _, given = logins.login()
    logins.refresh(given.refresh_token)
    assert logins.run(forget_sessions, tenant="*", most=10) == 0
    logins.wait(days=8)
    assert logins.run(forget_sessions, tenant="*", most=10) == 1  # the refresh token that was used
    logins.wait(days=53)
    logins.login()
    assert logins.run(forget_sessions, tenant="*", most=10) == 3
    with logins.transactions.database.reading(ALL_TENANTS) as found:
        assert [found.scalar(select(func.count()).select_from(table))
                for table in (SessionRow, GrantRow, RefreshTokenRow)] == [1, 1, 1]
