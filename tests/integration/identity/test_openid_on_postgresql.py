"""OpenID Connect on PostgreSQL: the same behaviour under row security, and what is used up at the same moment."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.identity.openid.domain.errors import ConsentNotFound
from services.identity.openid.usecases.manage_consents import RevokeConsent, revoke_consent
from shared_components.db import migrate
from shared_components.kernel.clock import FixedClock
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.openid import test_clients, test_code_flow, test_tokens
from tests.unit.identity.openid.world import CLIENT, SANDBOX, Login
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
SAME_AS_ELSEWHERE: list[Callable[[Login], None]] = [
    test_code_flow.test_a_code_becomes_tokens_that_name_the_login,
    test_code_flow.test_a_code_that_is_used_twice_revokes_what_the_first_use_gave,
    test_code_flow.test_a_pushed_request_is_used_once_by_its_client_within_a_minute,
    test_code_flow.test_the_person_must_be_the_one_of_the_hint,
    test_tokens.test_userinfo_says_what_scopes_and_consents_allow,
    test_tokens.test_a_citizen_lists_and_revokes_consents_and_the_apps_tokens_count_no_more,
    test_tokens.test_a_logout_takes_state_and_old_tokens_and_no_strange_ones,
    test_tokens.test_a_client_hears_of_its_own_tokens_alone,
    test_clients.test_a_public_client_has_the_code_flow_by_pkce_and_nothing_else,
]
TABLES = ("authorization_requests", "authorization_codes", "app_consents")
AT_ONCE = 12


@pytest.fixture
def login(postgres_url: str, tmp_path: Path) -> Iterator[Login]:
    migrate(postgres_url, "identity")
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock, url=postgres_url)
    yield Login(transactions, clock)
    transactions.database.dispose()
    keep_copies(NO_COPIES)


@pytest.mark.parametrize("behaviour", SAME_AS_ELSEWHERE, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(login: Login, behaviour: Callable[[Login], None]) -> None:
    behaviour(login)


def together(once: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: once(), range(AT_ONCE)))


def test_of_many_uses_of_a_code_at_once_one_at_most_gives_tokens_and_they_are_revoked(login: Login) -> None:
    code = login.code()
    answers = together(lambda: login.exchange(code))
    given = [answer.body for answer in answers if answer.status == 200]
    assert len(given) == 1
    assert {answer.status for answer in answers} == {200, 400}
    assert login.userinfo(given[0]["access_token"]).status == 401


def test_of_many_uses_of_an_assertion_at_once_one_counts(login: Login) -> None:
    keyed = test_clients.keyed.__wrapped__(login)  # type: ignore[attr-defined]
    proof = test_clients.assertion(keyed)
    statuses = [answer.status for answer in together(lambda: test_clients.by_assertion(keyed, proof))]
    assert sorted(statuses) == [200] + [400] * (AT_ONCE - 1)


def test_of_many_answers_to_a_request_at_once_one_gives_a_code(login: Login) -> None:
    request, session = login.request_id(), login.sandbox_session()

    def once() -> str:
        try:
            return login.complete(request, session)
        except Exception as refused:
            return type(refused).__name__

    outcomes = together(once)
    assert sorted(outcomes)[:-1] == ["AuthorizationRequestOver"] * (AT_ONCE - 1)


def test_of_many_revocations_at_once_one_finds_the_consent(login: Login) -> None:
    subject = test_tokens.person(login)
    test_tokens.scoped(login, "openid order", subject)
    context = login.acting(subject)

    def once() -> str:
        try:
            with login.served.begin(context.tenant) as tx:
                return str(revoke_consent(tx, RevokeConsent(CLIENT), context).revoked)
        except ConsentNotFound:
            return "not found"

    assert sorted(together(once)) == ["1"] + ["not found"] * (AT_ONCE - 1)


def test_a_department_sees_no_request_and_no_code_of_a_login(login: Login) -> None:
    login.tokens()
    login.code()

    def seen(tenant: str) -> list[int]:
        with login.transactions.database.reading([tenant]) as session:
            return [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES]  # noqa: S608

    assert seen(login.department.tenant)[:2] == [0, 0]
    assert min(seen(SANDBOX)) > 0
