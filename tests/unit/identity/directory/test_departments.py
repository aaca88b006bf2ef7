"""Departments: the tree, codes and names, merging and closing."""
from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services.identity.directory import schemas
from services.identity.directory.domain.errors import (
    DepartmentExists,
    DepartmentNotActive,
    DepartmentNotEmpty,
    DepartmentNotFound,
    DepartmentTreeInvalid,
    RealmNotFound,
    TenantTaken,
)
from services.identity.directory.usecases import departments, read
from shared_components.db import ALL_TENANTS
from shared_components.evidence_log.tables import records, unsealed
from shared_components.kernel.numbers import NumberError, complete_credit_code
from shared_components.kernel.states import IllegalTransition
from tests.unit.identity.directory.world import Directory

CODE = complete_credit_code("11330106MB0000001")
OTHER = complete_credit_code("11330106MB0000002")


def history(directory: Directory, thing_id: str) -> list[str]:
    page = directory.call(read.list_changes, schemas.ListChanges, thing_id=thing_id)
    return [change.what for change in page.items]


def test_a_department_gets_tenant_ids_of_its_own_and_tells_of_itself(directory: Directory) -> None:
    tax = directory.add("税务局", code="TAX", credit_code=CODE.lower())
    assert tax.department_id.startswith("dep_") and tax.tenant.startswith("tnt_")
    assert (tax.credit_code, tax.state, tax.state_label) == (CODE, "active", "正常")
    (event,) = directory.transactions.events
    assert (event["type"], event["aggregate"], event["tenant"]) == ("department-changed", tax.department_id, "city")
    assert "税务局" not in str(event), "an event holds ids and states only"


def test_a_credit_code_that_does_not_keep_the_check_is_refused(directory: Directory) -> None:
    with pytest.raises(NumberError):
        directory.add("税务局", credit_code=CODE[:-1] + ("0" if CODE[-1] != "0" else "1"))


def test_names_are_unique_below_a_parent_and_codes_in_the_realm(directory: Directory) -> None:
    tax = directory.add("税务局", code="TAX", credit_code=CODE)
    for again in ({"name": "税务局"}, {"name": "甲", "code": "TAX"}, {"name": "乙", "credit_code": CODE}):
        with pytest.raises(DepartmentExists):
            directory.add(**again)
    assert directory.add("税务局", tax.department_id).parent_id == tax.department_id


def test_a_tenant_id_belongs_to_one_department(directory: Directory) -> None:
    assert directory.add("甲", tenant="demo").tenant == "demo"
    with pytest.raises(TenantTaken):
        directory.add("乙", tenant="demo")


def test_the_owner_of_the_population_may_have_its_tenant_id(directory: Directory) -> None:
    assert directory.add("人口库", tenant="city").tenant == "city"
    with pytest.raises(DepartmentExists):
        directory.add("另一局", tenant="city")


def test_a_caller_of_a_department_reaches_its_realm_and_a_stranger_none(directory: Directory) -> None:
    tax = directory.add("税务局")
    page = directory.call(read.list_departments, schemas.ListDepartments, as_tenant=tax.tenant)
    assert [each.name for each in page.items] == ["数据局", "税务局"]
    with pytest.raises(RealmNotFound):
        directory.call(read.list_departments, schemas.ListDepartments, as_tenant="elsewhere")


def test_the_tree_is_changed_for_the_realm_and_for_no_department(directory: Directory) -> None:
    tax = directory.add("税务局")
    for tenant in (tax.tenant, tax.sandbox_tenant):
        with pytest.raises(RealmNotFound, match="only 'city' changes its realm's tree"):
            directory.add("分局", tax.department_id, as_tenant=tenant)


def test_another_realm_has_its_own_departments(directory: Directory) -> None:
    tax = directory.add("税务局")
    other = Directory(directory.transactions, realm="other")
    page = other.call(read.list_departments, schemas.ListDepartments)
    assert [each.department_id for each in page.items] == [other.owner]
    with pytest.raises(DepartmentNotFound):
        other.close(tax.department_id)


def test_renaming_and_a_new_credit_code_stay_in_the_history(directory: Directory) -> None:
    tax = directory.add("税务局", credit_code=CODE)
    directory.call(
        departments.rename_department, schemas.RenameDepartment, department_id=tax.department_id, name="税务总局")
    after = directory.call(
        departments.change_credit_code, schemas.ChangeCreditCode, department_id=tax.department_id, credit_code=OTHER)
    assert (after.name, after.credit_code, after.tenant) == ("税务总局", OTHER, tax.tenant)
    assert history(directory, tax.department_id) == ["credit-code-changed", "department-renamed", "department-added"]


def test_a_department_does_not_move_below_itself(directory: Directory) -> None:
    top = directory.add("甲")
    middle = directory.add("乙", top.department_id)
    bottom = directory.add("丙", middle.department_id)
    for parent in (top, bottom):
        with pytest.raises(DepartmentTreeInvalid):
            directory.move(top.department_id, parent.department_id)
    assert directory.move(bottom.department_id, None).parent_id is None
    assert directory.move(top.department_id, bottom.department_id).parent_id == bottom.department_id


def test_a_tree_is_at_most_twelve_levels_deep(directory: Directory) -> None:
    parent = None
    for level in range(12):
        parent = directory.add(f"第{level}级", parent).department_id
    with pytest.raises(DepartmentTreeInvalid):
        directory.add("第12级", parent)
    pair = directory.add("另一支").department_id
    with pytest.raises(DepartmentTreeInvalid):
        directory.move(pair, parent)


def test_a_successor_takes_over_all_that_a_merged_department_has(directory: Directory) -> None:
    old, new = directory.add("旧局"), directory.add("新局")
    below = directory.add("科", old.department_id)
    officer = directory.person()
    directory.join(old.department_id, officer, "handler")
    key = directory.register("app-old", old.department_id)
    merged = directory.merge(old.department_id, new.department_id)
    assert (merged.state, merged.successor_id) == ("merged", new.department_id)
    owned = directory.call(read.get_department, schemas.ByDepartment, department_id=new.department_id)
    assert sorted(owned.tenants) == sorted([old.tenant, new.tenant])
    moved = directory.call(read.get_department, schemas.ByDepartment, department_id=below.department_id)
    assert moved.department.parent_id == new.department_id
    officers = directory.call(read.list_memberships, schemas.ListMemberships, department_id=new.department_id)
    assert [each.subject_id for each in officers.items] == [officer]
    door = directory.doors()["app-old-sandbox"]
    assert door.tenant == old.sandbox_tenant, "its data are where they were"
    assert key.key and len(door.keys_sha256) == 1


def test_a_successor_is_not_below_what_is_merged_into_it(directory: Directory) -> None:
    top = directory.add("甲")
    below = directory.add("乙", top.department_id)
    for successor in (top, below):
        with pytest.raises(DepartmentTreeInvalid):
            directory.merge(top.department_id, successor.department_id)


def test_a_closed_department_has_no_officer_and_no_key_that_opens(directory: Directory) -> None:
    tax = directory.add("税务局")
    directory.join(tax.department_id, directory.person(), "manager")
    directory.register("app-tax", tax.department_id)
    assert len(directory.hashes()) == 1
    assert directory.close(tax.department_id).state == "closed"
    assert directory.hashes() == set()
    officers = directory.call(read.list_memberships, schemas.ListMemberships, department_id=tax.department_id)
    assert [each.state for each in officers.items] == ["ended"]
    with pytest.raises(IllegalTransition):
        directory.close(tax.department_id)
    with pytest.raises(DepartmentNotActive):
        directory.add("科", tax.department_id)


def test_a_department_with_others_below_is_not_closed(directory: Directory) -> None:
    top = directory.add("甲")
    directory.add("乙", top.department_id)
    with pytest.raises(DepartmentNotEmpty):
        directory.close(top.department_id)


def test_the_department_that_owns_the_population_is_merged_and_never_closed(directory: Directory) -> None:
    with pytest.raises(DepartmentTreeInvalid):
        directory.close(directory.owner)
    successor = directory.add("大数据局")
    directory.merge(directory.owner, successor.department_id)
    with pytest.raises(DepartmentTreeInvalid):
        directory.close(successor.department_id)


def test_departments_are_listed_in_pages_by_parent_and_state(directory: Directory) -> None:
    top = directory.add("甲")
    ids = [directory.add(f"科{number}", top.department_id).department_id for number in range(5)]
    directory.close(ids[0])
    first = directory.call(
        read.list_departments, schemas.ListDepartments, parent_id=top.department_id, state="active", limit=3)
    rest = directory.call(
        read.list_departments, schemas.ListDepartments, parent_id=top.department_id, state="active", limit=3,
        after=first.next)
    assert [each.department_id for each in (*first.items, *rest.items)] == ids[1:]
    assert rest.next is None


def test_each_change_is_recorded_as_evidence_of_the_realm(directory: Directory) -> None:
    tax = directory.add("税务局")
    directory.register("app-tax", tax.department_id)
    with directory.transactions.database.reading(ALL_TENANTS) as session:
        rows = session.execute(select(records.c.owner, records.c.action, records.c.about, records.c.body)).all()
        waiting = session.execute(select(func.count()).select_from(unsealed)).scalar_one()
    told = [tuple(row[:3]) for row in rows if row.about in ("city", tax.department_id, "app-tax")]
    assert told == [
        ("city", "realm-created", "city"), ("city", "department-added", tax.department_id),
        ("city", "app-registered", "app-tax")]
    assert waiting == len(rows) == 4 and b'"operator"' in rows[0].body
