"""Sessions on PostgreSQL: the same behaviour, row security, and refreshes of one token at once."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from services.identity.sessions.domain.errors import RefreshRefused
from services.identity.sessions.usecases.issue_tokens import TokenSet
from shared_components.db import migrate
from shared_components.db.migrate import drift
from shared_components.kernel.clock import FixedClock
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.sessions import test_endings, test_tokens
from tests.unit.identity.sessions.world import Logins
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
AT_ONCE = 8
SAME_AS_ELSEWHERE: list[Callable[[Logins], None]] = [
    test_tokens.test_a_verifier_with_the_feed_takes_it_for_its_app_only,
    test_tokens.test_an_officers_token_names_department_and_roles,
    test_tokens.test_an_ended_session_is_refused_at_once_also_where_its_token_was_verified,
    test_tokens.test_a_retry_at_once_gets_the_same_refresh_token,
    test_tokens.test_a_replay_leaves_the_persons_other_apps_alone,
    test_tokens.test_a_group_may_hold_the_same_token_twice,
]
TABLES = ("sessions", "token_grants", "refresh_tokens", "signing_keys")


@pytest.fixture
def logins(postgres_url: str, tmp_path: Path) -> Iterator[Logins]:
    migrate(postgres_url, "identity")
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock, url=postgres_url)
    yield Logins(transactions, clock)
    transactions.database.dispose()
    keep_copies(NO_COPIES)


@pytest.mark.parametrize("behaviour", SAME_AS_ELSEWHERE, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(logins: Logins, behaviour: Callable[[Logins], None]) -> None:
    behaviour(logins)


@pytest.mark.parametrize("what", test_endings.EVENTS, ids=lambda event: event.__name__)
def test_events_end_sessions_as_elsewhere(logins: Logins, what: Callable[[Logins], test_endings.Ended]) -> None:
    test_endings.test_an_event_ends_the_sessions_that_it_should(logins, what)


def test_the_migration_makes_the_tables_of_the_models(logins: Logins, postgres_url: str) -> None:
    assert drift(postgres_url, "identity") == []


def test_a_realm_sees_its_own_sessions_and_another_one_nothing(logins: Logins) -> None:
    logins.login()
    assert rows_seen(logins, "city") == rows_seen(logins, logins.department.tenant) == [1, 1, 1, 1]
    assert rows_seen(logins, logins.department.sandbox_tenant) == rows_seen(logins, "elsewhere") == [0, 0, 0, 0]


def rows_seen(logins: Logins, tenant: str) -> list[int]:
    with logins.transactions.database.reading([tenant]) as session:
        return [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES]  # noqa: S608


def test_of_refreshes_of_one_token_at_once_all_get_one_successor(logins: Logins) -> None:
    _, given = logins.login()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda _: logins.refresh(given.refresh_token), range(AT_ONCE)))
    assert len({each.refresh_token for each in found}) == 1
    logins.refresh(found[0].refresh_token)


def test_a_session_that_ends_while_its_token_is_refreshed_leaves_no_token_that_lives(logins: Logins) -> None:
    session, given = logins.login()

    def refresh(_: int) -> TokenSet | None:
        try:
            return logins.refresh(given.refresh_token)
        except RefreshRefused:
            return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        refreshing = [pool.submit(refresh, number) for number in range(AT_ONCE - 1)]
        pool.submit(logins.end, session).result()
        found = [each.result() for each in refreshing]
    for each in found:
        if each is not None:
            test_endings.refused(logins, each)
