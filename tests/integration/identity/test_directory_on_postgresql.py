"""The directory on PostgreSQL: the same behaviour, row security, and changes of the tree at once."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.identity.directory.domain.errors import DepartmentTreeInvalid
from services.identity.directory.domain.tree import Tree
from shared_components.db import ALL_TENANTS, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.identity.conftest import AT
from tests.unit.identity.directory import test_apps, test_departments
from tests.unit.identity.directory.world import Directory
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
SAME_AS_ELSEWHERE: list[Callable[[Directory], None]] = [
    test_departments.test_a_caller_of_a_department_reaches_its_realm_and_a_stranger_none,
    test_departments.test_another_realm_has_its_own_departments,
    test_departments.test_a_successor_takes_over_all_that_a_merged_department_has,
    test_departments.test_a_closed_department_has_no_officer_and_no_key_that_opens,
]
OF_AN_APP: list[Callable[[Directory, str], None]] = [
    test_apps.test_a_name_is_taken_once_in_all_realms,
    test_apps.test_a_change_holds_in_the_sandbox_at_once_and_in_production_after_its_approval,
    test_apps.test_an_officers_console_manages_the_apps_of_its_department,
]
TABLES = ("departments", "department_tenants", "memberships", "apps", "app_keys", "directory_changes", "realms")


@pytest.fixture
def directory(postgres_url: str, tmp_path: Path) -> Iterator[Directory]:
    migrate(postgres_url, "identity")
    transactions = SqlTransactions(tmp_path, FixedClock(AT), url=postgres_url)
    yield Directory(transactions)
    transactions.database.dispose()


@pytest.mark.parametrize("behaviour", SAME_AS_ELSEWHERE, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(directory: Directory, behaviour: Callable[[Directory], None]) -> None:
    behaviour(directory)


@pytest.mark.parametrize("behaviour", OF_AN_APP, ids=lambda test: test.__name__)
def test_apps_behave_as_elsewhere(directory: Directory, behaviour: Callable[[Directory, str], None]) -> None:
    behaviour(directory, directory.add("税务局").department_id)


def test_row_security_shows_a_realm_to_its_tenants_only(directory: Directory) -> None:
    tax = directory.add("税务局")
    directory.join(tax.department_id, directory.person(), "handler")
    directory.register("app-tax", tax.department_id)
    seen = {}
    for tenant in ("city", tax.tenant, tax.sandbox_tenant, "elsewhere"):
        with directory.transactions.database.reading([tenant]) as session:
            seen[tenant] = [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                            for table in TABLES]
    assert seen["city"] == seen[tax.tenant] == seen[tax.sandbox_tenant] == [2, 2, 1, 1, 1, 4, 1]
    assert seen["elsewhere"] == [0] * len(TABLES)


def test_the_history_is_never_changed(directory: Directory) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), \
            directory.transactions.database.transaction(ALL_TENANTS) as session:
        session.execute(text("UPDATE directory_changes SET actor = 'nobody'"))


def test_two_moves_at_once_leave_no_circle(directory: Directory) -> None:
    first, second = (directory.add(name).department_id for name in ("甲", "乙"))

    def attempt(pair: tuple[str, str]) -> bool:
        try:
            directory.move(*pair)
        except DepartmentTreeInvalid:
            return False
        return True

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            moved = list(pool.map(attempt, [(first, second), (second, first)]))
        assert moved.count(True) == 1
        with directory.transactions.begin("city") as tx:
            tree = Tree(tx.departments.parents("city"))
        assert sum(len(list(tree.above(each))) for each in (first, second)) == 1
        for each in (first, second):
            directory.move(each, None)
