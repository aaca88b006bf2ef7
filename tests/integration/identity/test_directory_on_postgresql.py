"""The directory on PostgreSQL: the same behaviour, row security, and changes of the tree at once."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import ProgrammingError

from services.identity.directory.domain.errors import DepartmentTreeInvalid
from services.identity.directory.domain.tree import Tree
from services.identity.directory.usecases.views import DepartmentView
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
    test_apps.test_an_app_manages_itself_and_no_other,
    test_apps.test_a_closed_app_is_off_for_good,
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


def rows_seen(directory: Directory, tenant: str) -> list[int]:
    with directory.transactions.database.reading([tenant]) as session:
        return [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES]  # noqa: S608


def with_app(directory: Directory, name: str, app: str) -> DepartmentView:
    """A department with an officer and an app that has a key."""
    department = directory.add(name)
    directory.join(department.department_id, directory.person(), "handler")
    directory.register(app, department.department_id)
    return department


def test_row_security_shows_names_to_a_realm_and_the_rest_to_its_department(directory: Directory) -> None:
    tax, police = with_app(directory, "税务局", "app-tax"), with_app(directory, "公安局", "app-police")
    assert rows_seen(directory, "city") == [3, 3, 2, 2, 2, 7, 1]
    for tenant in (tax.tenant, tax.sandbox_tenant, police.tenant):
        assert rows_seen(directory, tenant) == [3, 3, 1, 1, 1, 3, 1], tenant
    assert rows_seen(directory, "elsewhere") == [0] * len(TABLES)


def test_a_tenant_reads_no_key_hash_of_another_department(directory: Directory) -> None:
    tax, police = with_app(directory, "税务局", "app-tax"), with_app(directory, "公安局", "app-police")
    for tenant, app in ((tax.tenant, "app-tax"), (tax.sandbox_tenant, "app-tax"), (police.tenant, "app-police")):
        with directory.transactions.database.reading([tenant]) as session:
            seen = session.execute(text("SELECT app, key_hash, broker_hash FROM app_keys")).all()
        assert [row.app for row in seen] == [app]


def test_a_successor_sees_what_it_took_over(directory: Directory) -> None:
    tax, police = with_app(directory, "税务局", "app-tax"), with_app(directory, "公安局", "app-police")
    directory.merge(police.department_id, tax.department_id)
    for tenant in (tax.tenant, police.tenant, police.sandbox_tenant):
        with directory.transactions.database.reading([tenant]) as session:
            assert session.execute(text("SELECT app FROM apps ORDER BY app")).scalars().all() == [
                "app-police", "app-tax"]


@pytest.mark.parametrize("statement", [
    "UPDATE departments SET name = 'x'", "UPDATE department_tenants SET department_id = 'x'",
    "UPDATE apps SET title = 'x' WHERE app = 'app-police'", "DELETE FROM app_keys WHERE app = 'app-police'",
    "UPDATE memberships SET roles = '[]' WHERE department_id <> :department",
])
def test_a_tenant_changes_nothing_of_another_department(directory: Directory, statement: str) -> None:
    tax, _ = with_app(directory, "税务局", "app-tax"), with_app(directory, "公安局", "app-police")
    with directory.transactions.database.transaction([tax.tenant]) as session:
        bound = {"department": tax.department_id} if ":department" in statement else {}
        changed = session.execute(text(statement), bound)
        assert cast("CursorResult[Any]", changed).rowcount == 0


@pytest.mark.parametrize("statement", [
    "UPDATE realms SET name = 'x'",
    "INSERT INTO realm_tenants (tenant, realm_id, environment) VALUES ('mine', 'city', 'production')",
    "INSERT INTO department_tenants (tenant, tenant_id, department_id) VALUES ('mine', 'city', 'dep_x')",
    "UPDATE apps SET department_id = 'dep_x' WHERE app = 'app-tax'",
])
def test_a_tenant_takes_nothing_and_gives_nothing_away(directory: Directory, statement: str) -> None:
    tax = with_app(directory, "税务局", "app-tax")
    with pytest.raises(ProgrammingError, match="row-level security"), \
            directory.transactions.database.transaction([tax.tenant]) as session:
        session.execute(text(statement))


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
