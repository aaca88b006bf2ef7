"""Mandates, links and personal-information requests on PostgreSQL, in transactions of a department."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.identity.credentials.domain.credential import Credential
from shared_components.db import migrate
from shared_components.db.migrate import drift
from shared_components.kernel.clock import FixedClock
from shared_components.security.authority import Reach
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.mandates import test_mandates
from tests.unit.identity.mandates.world import DEPARTMENT, LIN, REALM, ZHANG, Mandates
from tests.unit.identity.privacy import test_privacy
from tests.unit.identity.privacy.test_privacy import Privacy
from tests.unit.identity.upstream import test_accounts
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
AT_ONCE = 6
MANDATES: list[Callable[[Mandates], None]] = [
    test_mandates.test_a_person_appoints_another_who_accepts_and_then_acts_within_the_scopes,
    test_mandates.test_both_sides_see_the_mandate_and_its_history_and_others_do_not,
    test_mandates.test_a_proposal_that_nobody_accepts_expires,
    test_mandates.test_the_representative_is_proved_by_the_register_and_the_organisation_is_known_then,
    test_mandates.test_proving_again_renews_and_another_representative_replaces,
    test_mandates.test_a_mandate_resumes_only_when_neither_side_is_frozen,
    test_mandates.test_mandates_follow_a_merge_under_new_ids,
]
PRIVACY: list[Callable[[Privacy], None]] = [
    test_privacy.test_an_officer_corrects_and_evidence_for_the_old_name_counts_no_longer,
    test_privacy.test_a_refusal_needs_a_reason_that_the_person_sees,
    test_privacy.test_only_an_officer_with_the_role_of_the_keeping_department_decides_and_never_about_oneself,
    test_privacy.test_a_closed_account_ends_its_mandates_and_sign_in_methods,
]
TABLES = ("mandates", "mandate_changes", "upstream_sign_ins", "upstream_links", "personal_requests", "personal_copies")


@pytest.fixture
def mandates(postgres_url: str, tmp_path: Path) -> Iterator[Mandates]:
    migrate(postgres_url, "identity")
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock, url=postgres_url)
    yield Mandates(transactions, clock, DEPARTMENT)
    transactions.database.dispose()
    keep_copies(NO_COPIES)


@pytest.mark.parametrize("behaviour", MANDATES, ids=lambda test: test.__name__)
def test_mandates_behave_as_elsewhere(mandates: Mandates, behaviour: Callable[[Mandates], None]) -> None:
    behaviour(mandates)


@pytest.mark.parametrize("behaviour", PRIVACY, ids=lambda test: test.__name__)
def test_requests_behave_as_elsewhere(mandates: Mandates, behaviour: Callable[[Privacy], None]) -> None:
    behaviour(Privacy(mandates))


@pytest.fixture
def accounts(postgres_url: str, tmp_path: Path) -> Iterator[test_accounts.World]:
    migrate(postgres_url, "identity")
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock, url=postgres_url)
    yield test_accounts.World(transactions, clock)
    transactions.database.dispose()


def test_a_sign_in_at_another_provider_is_finished_once_here_too(accounts: test_accounts.World) -> None:
    test_accounts.test_a_sign_in_is_finished_once_in_time_by_its_browser_at_its_provider(accounts)


def test_first_sign_ins_of_one_person_at_the_same_moment_make_one_account(accounts: test_accounts.World) -> None:
    accounts.register()
    states = [accounts.begin(binding=f"login-{number}") for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(
            lambda number: accounts.finish(states[number], binding=f"login-{number}"), range(AT_ONCE)))
    assert len(set(found)) == 1 and len(accounts.links(found[0])) == 1


def test_sign_in_methods_are_in_the_copy_and_go_with_the_account(mandates: Mandates) -> None:
    privacy, person = Privacy(mandates), mandates.people[LIN]
    with mandates.transactions.begin(REALM) as tx:
        tx.credentials.add([Credential("crd_1", REALM, person, "password", AT, AT, secret="hash")])
    own = Reach(frozenset({DEPARTMENT}), subjects=frozenset({person}))
    with mandates.transactions.database.transaction(own) as session:
        assert session.scalar(text("SELECT count(*) FROM credentials")) == 1, "the person's own transaction"
    with mandates.transactions.database.reading(["tax"]) as session:
        assert session.scalar(text("SELECT count(*) FROM credentials")) == 0
    privacy.decide(privacy.submit(LIN, "close-account").request_id)
    with mandates.transactions.begin(REALM) as tx:
        assert list(tx.credentials.of(person)) == []


def test_another_realm_sees_no_row_and_nobody_changes_the_history(mandates: Mandates, postgres_url: str) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    privacy = Privacy(mandates)
    privacy.submit(LIN, "copy")
    with mandates.transactions.database.reading(["another-realm"]) as session:
        assert [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES] == [0] * len(TABLES)  # noqa: S608
    with mandates.transactions.database.reading([DEPARTMENT]) as session:
        assert session.scalar(text("SELECT count(*) FROM mandates")) == 1
    for change in ("UPDATE mandate_changes SET what = 'x'", "DELETE FROM mandate_changes"):
        with pytest.raises(DBAPIError), mandates.transactions.database.transaction(["*"]) as session:
            session.execute(text(change))
    assert mandates.history(mandates.session(LIN), mandate_id) == ["mandate-accepted", "mandate-appointed"]
    assert drift(postgres_url, "identity") == []
