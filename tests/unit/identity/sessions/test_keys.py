"""Signing keys: a rotation refuses no token, a revoked key opens nothing, and realms have keys of their own."""
from __future__ import annotations

from datetime import timedelta

import pytest

from services.identity.sessions.domain.errors import SigningKeyNotFound
from services.identity.sessions.domain.signing_key import PUBLISHED_BEFORE, VERIFIES_FOR
from services.identity.sessions.usecases.issue_tokens import IssueTokens, issue_tokens
from services.identity.sessions.usecases.keys import keep_keys, revoke_key, rotate_key
from services.identity.sessions.usecases.open_session import OpenSession, open_session
from shared_components.kernel.acting import CITIZEN
from shared_components.security.errors import TokenInvalid
from shared_components.security.tokens import key_id_of
from tests.unit.identity.directory.world import REALM
from tests.unit.identity.sessions.world import APP, SCOPES, Logins


def kids(logins: Logins, realm: str = REALM) -> list[str]:
    with logins.transactions.begin("*") as tx:
        return [key.kid for key in tx.signing_keys.of(realm)]


def keep(logins: Logins) -> int:
    with logins.transactions.begin("*") as tx:
        return keep_keys(tx, tx.signing_keys.realm_ids())


def test_the_next_key_is_known_before_it_signs_and_the_old_one_verifies_until_its_tokens_are_over(
    logins: Logins,
) -> None:
    session, old = logins.login()
    rotated = logins.run(rotate_key, REALM, None, tenant="*")
    still = logins.issue(session)
    assert key_id_of(still.access_token) == key_id_of(old.access_token) != rotated.kid
    logins.clock.advance(PUBLISHED_BEFORE)
    new = logins.issue(session)
    assert key_id_of(new.access_token) == rotated.kid
    for given in (old, still, new):
        logins.verify(given.access_token)
    logins.clock.advance(VERIFIES_FOR - timedelta(seconds=1))
    assert (keep(logins), len(kids(logins))) == (1, 2)  # the sandbox gets its first key
    logins.clock.advance(timedelta(seconds=1))
    assert (keep(logins), kids(logins)) == (1, [rotated.kid])


def test_a_revoked_key_opens_nothing_also_where_its_token_was_verified(logins: Logins) -> None:
    _, given = logins.login()
    logins.verify(given.access_token)
    logins.run(revoke_key, REALM, key_id_of(given.access_token), None, tenant="*")
    with pytest.raises(TokenInvalid):
        logins.verify(given.access_token)
    again = logins.refresh(given.refresh_token)
    assert logins.verify(again.access_token).kid == kids(logins)[0]


@pytest.mark.parametrize("kid", ["sig_unknown", ""])
def test_a_key_that_is_not_there_is_not_revoked(logins: Logins, kid: str) -> None:
    with pytest.raises(SigningKeyNotFound):
        logins.run(revoke_key, REALM, kid, None, tenant="*")


def test_keys_are_made_in_time_and_replaced_by_age(logins: Logins) -> None:
    assert keep(logins) == 2  # the realm's, and its sandbox's
    assert keep(logins) == 0
    (first,) = kids(logins)
    lifetimes = logins.token_policy.lifetimes
    logins.clock.advance(lifetimes.key_age - lifetimes.key_overlap)
    assert keep(logins) == 2
    assert key_id_of(logins.login()[1].access_token) == first
    logins.clock.advance(lifetimes.key_overlap)
    assert key_id_of(logins.login()[1].access_token) == kids(logins)[1]


def test_realm_and_sandbox_sign_with_keys_of_their_own_for_audiences_of_their_own(logins: Logins) -> None:
    keep(logins)
    sandbox = logins.sandbox
    assert set(kids(logins)).isdisjoint(kids(logins, sandbox))
    subject = logins.person_of(sandbox)
    opened = logins.run(open_session, OpenSession(sandbox, subject, CITIZEN, ("pwd",)), None, tenant=sandbox)
    given = logins.run(issue_tokens, IssueTokens(opened, f"{APP}-sandbox", SCOPES), tenant=sandbox)
    assert logins.verify(given.access_token, f"{APP}-sandbox").kid == kids(logins, sandbox)[0]
    with pytest.raises(TokenInvalid):
        logins.verify(given.access_token, APP)
