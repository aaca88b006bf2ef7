"""Access tokens and refresh tokens: whose they are, how long they live, and what a second use does."""
from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.identity.sessions.domain.errors import RefreshRefused, SessionOver, SignInRefused
from services.identity.sessions.models import GrantRow, RefreshTokenRow, SessionRow, SigningKeyRow
from services.identity.sessions.usecases.refresh_tokens import RefreshTokens, refresh_all
from shared_components.db import ALL_TENANTS
from shared_components.security.authority.errors import SessionEnded
from shared_components.security.errors import TokenExpired, TokenInvalid
from shared_components.security.keys import KeyRing
from shared_components.security.pairwise_ids import PairwiseIds
from shared_components.security.proofs.claims import acting_of
from shared_components.security.proofs.sector_subjects import from_sector
from tests.unit.identity.sessions.world import APP, Logins

TABLES = (SessionRow, GrantRow, RefreshTokenRow, SigningKeyRow)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims, _ = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
    return json.loads(header), json.loads(claims)


def test_an_access_token_is_what_rfc_9068_says(logins: Logins) -> None:
    session, given = logins.login()
    header, claims = parts(given.access_token)
    assert header["typ"] == "at+jwt" and header["alg"] == "ES256"
    assert {name: claims[name] for name in ("sub", "sid", "client_id", "aud", "scope", "gid")} == {
        "sub": session.subject_id, "sid": session.session_id, "client_id": APP, "aud": "city",
        "scope": "openid order", "gid": given.grant_id}
    assert claims["exp"] - claims["iat"] == given.expires_in == 600
    assert len(given.access_token) < 1024  # what a message may carry


@pytest.mark.parametrize(("app", "environment"), [(APP, "tenant"), (f"{APP}-sandbox", "sandbox_tenant")])
def test_a_token_names_persons_by_ids_of_the_apps_sector(logins: Logins, app: str, environment: str) -> None:
    pairwise = PairwiseIds(KeyRing({1: b"k" * 32}))
    logins.transactions.secrets.pairwise_ids = pairwise
    session = logins.open(logins.person())
    _, claims = parts(logins.issue(session, app).access_token)
    sector = getattr(logins.department, environment)
    assert claims["sub"] == pairwise.to_sector(session.subject_id, sector) != session.subject_id
    assert from_sector(acting_of(claims), pairwise, sector).subject == session.subject_id
    with pytest.raises(TokenInvalid):
        from_sector(acting_of(claims), pairwise, "another")


def test_a_verifier_with_the_feed_takes_it_for_its_app_only(logins: Logins) -> None:
    session, given = logins.login()
    acting = logins.verify(given.access_token).acting
    assert (acting.subject, acting.session, acting.level) == (session.subject_id, session.session_id, 1)
    with pytest.raises(TokenInvalid):
        logins.verify(given.access_token, app="app-other")


def test_an_officers_token_names_department_and_roles(logins: Logins) -> None:
    subject, membership = logins.officer("handler", "finance")
    _, given = logins.login(subject, membership=membership)
    acting = logins.verify(given.access_token).acting
    assert (acting.department, acting.roles) == (logins.department.tenant, frozenset({"handler", "finance"}))


def test_an_ended_session_is_refused_at_once_also_where_its_token_was_verified(logins: Logins) -> None:
    session, given = logins.login()
    logins.verify(given.access_token)
    assert logins.end(session) and not logins.end(session)
    with pytest.raises(SessionEnded):
        logins.verify(given.access_token)
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token)
    with pytest.raises(SessionOver):
        logins.issue(session)


def test_a_refresh_gives_new_tokens_of_the_same_grant(logins: Logins) -> None:
    _, first = logins.login()
    logins.wait(minutes=11)
    with pytest.raises(TokenExpired):
        logins.verify(first.access_token)
    second = logins.refresh(first.refresh_token)
    assert second.grant_id == first.grant_id and second.refresh_token != first.refresh_token
    logins.verify(second.access_token)


def test_a_retry_at_once_gets_the_same_refresh_token(logins: Logins) -> None:
    _, first = logins.login()
    lost, retried = logins.refresh(first.refresh_token), logins.refresh(first.refresh_token)
    assert retried.refresh_token == lost.refresh_token
    logins.verify(retried.access_token)
    logins.verify(logins.refresh(retried.refresh_token).access_token)


@pytest.mark.parametrize("waits", [{"seconds": 31}, None], ids=["after_the_grace", "after_the_successor_was_used"])
def test_a_replayed_refresh_token_revokes_the_family(logins: Logins, waits: dict[str, float] | None) -> None:
    _, first = logins.login()
    second = logins.refresh(first.refresh_token)
    newest = second if waits else logins.refresh(second.refresh_token)
    logins.verify(newest.access_token)
    if waits:
        logins.wait(**waits)
    with pytest.raises(RefreshRefused):
        logins.refresh(first.refresh_token)
    with pytest.raises(RefreshRefused):
        logins.refresh(newest.refresh_token)
    with pytest.raises(SessionEnded):
        logins.verify(newest.access_token)


def test_a_replay_leaves_the_persons_other_apps_alone(logins: Logins) -> None:
    session, first = logins.login()
    other = logins.issue(session, "app-other")
    logins.refresh(first.refresh_token)
    logins.wait(seconds=31)
    with pytest.raises(RefreshRefused):
        logins.refresh(first.refresh_token)
    logins.verify(logins.refresh(other.refresh_token, "app-other").access_token, "app-other")


@pytest.mark.parametrize("wrong", [
    "", "ztr_", "ztr_.", "ztr_rft_1.x",
    "ztr_" + "ü" * 10, "x" * 1000, "eyJ.e30.", "ztr_{id}.wrong", "ztr_{id}", "{id}"])
def test_text_that_is_no_refresh_token_is_refused_and_revokes_nothing(logins: Logins, wrong: str) -> None:
    _, given = logins.login()
    assert given.refresh_token is not None
    token_id = given.refresh_token.removeprefix("ztr_").partition(".")[0]
    with pytest.raises(RefreshRefused):
        logins.refresh(wrong.replace("{id}", token_id))
    logins.refresh(given.refresh_token)


def test_a_refresh_token_of_another_app_is_refused_and_revokes_nothing(logins: Logins) -> None:
    _, given = logins.login()
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token, "app-other")
    logins.refresh(given.refresh_token)


def test_a_group_may_hold_the_same_token_twice(logins: Logins) -> None:
    _, given = logins.login()
    assert given.refresh_token is not None
    one, two = logins.run(refresh_all, [RefreshTokens(given.refresh_token, APP)] * 2)
    assert one.refresh_token == two.refresh_token
    logins.refresh(one.refresh_token)


def test_no_token_and_no_private_key_is_stored(logins: Logins) -> None:
    _, given = logins.login()
    with logins.transactions.database.reading(ALL_TENANTS) as session:
        stored = str([[vars(row) for row in session.execute(select(table)).scalars()] for table in TABLES])
    assert given.refresh_token is not None
    for secret in (given.access_token, given.refresh_token.partition(".")[2], '"d"'):
        assert secret not in stored
    assert given.refresh_token not in repr(given) and given.access_token not in repr(given)


def test_no_token_outlives_its_session(logins: Logins) -> None:
    subject, membership = logins.officer()
    session, given = logins.login(subject, membership=membership)
    for _ in range(35):
        logins.wait(minutes=20)
        given = logins.refresh(given.refresh_token)
    logins.wait(minutes=16)
    given = logins.refresh(given.refresh_token)
    assert logins.clock.now() + timedelta(seconds=given.expires_in) == session.ends_at
    logins.wait(minutes=4)
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token)


def test_a_session_without_a_sign_of_life_is_over(logins: Logins) -> None:
    subject, membership = logins.officer()
    session, given = logins.login(subject, membership=membership)
    logins.wait(minutes=30)
    with pytest.raises(RefreshRefused):
        logins.refresh(given.refresh_token)
    with pytest.raises(SessionOver):
        logins.issue(session)


def test_an_officer_has_no_session_in_a_membership_of_another_one(logins: Logins) -> None:
    _, membership = logins.officer()
    with pytest.raises(SignInRefused):
        logins.open(logins.person(), membership=membership)


def test_an_unknown_person_is_refused_like_a_frozen_one(logins: Logins) -> None:
    with pytest.raises(SignInRefused):
        logins.open("sub_unknown")
