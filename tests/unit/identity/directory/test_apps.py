"""Apps: self-service, approval by another officer, two keys during a change, off-boarding."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.identity.directory import schemas
from services.identity.directory.domain.app_key import key_hash
from services.identity.directory.domain.errors import (
    AppKeyNotFound,
    AppNameTaken,
    AppNotActive,
    AppNotFound,
    DecisionNotAllowed,
    OfficerUnknown,
    PeriodInvalid,
    ProductionNotApproved,
    ProductionRequested,
    SelfServiceNotAllowed,
    TooManyKeys,
)
from services.identity.directory.models import AppKeyRow, AppRow, DirectoryChangeRow
from services.identity.directory.usecases import memberships, read
from services.identity.directory.usecases.change_app import change_app
from services.identity.directory.usecases.close_app import close_app, freeze_app
from services.identity.directory.usecases.register_app import register_app
from services.identity.subjects.schemas import RegisterPerson
from services.identity.subjects.usecases import register_person
from shared_components.db import ALL_TENANTS
from shared_components.kernel.acting import OFFICER, Acting
from shared_components.kernel.states import IllegalTransition
from tests.unit.identity.directory.world import REALM, Directory

TABLES = (AppRow, AppKeyRow, DirectoryChangeRow)


@pytest.fixture
def tax(directory: Directory) -> str:
    return directory.add("税务局").department_id


def change(directory: Directory, **more: Any) -> Any:
    return directory.call(
        change_app, schemas.ChangeApp, **{"app": "app-tax", "title": "办税", "scopes": ["payment.*"], **more})


def stored(directory: Directory) -> str:
    with directory.transactions.database.reading(ALL_TENANTS) as session:
        return str([[vars(row) for row in session.execute(select(table)).scalars()] for table in TABLES])


def test_an_app_has_a_sandbox_key_at_once_which_is_stored_nowhere(directory: Directory, tax: str) -> None:
    issued = directory.register("app-tax", tax)
    assert (issued.environment, issued.key[:4], len(issued.key)) == ("sandbox", "zts_", 47)
    assert issued.key not in repr(issued)
    door = directory.doors()["app-tax-sandbox"]
    assert door.keys_sha256 == (key_hash(issued.key),)
    assert issued.key not in stored(directory) and issued.key not in str(directory.transactions.events)


def test_a_name_is_taken_once_in_all_realms(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    other = Directory(directory.transactions, realm="other")
    with pytest.raises(AppNameTaken):
        other.register("app-tax", other.add("局").department_id)
    with pytest.raises(AppNameTaken):
        directory.register("app-tax-sandbox", tax)


def test_a_production_key_needs_the_approval_of_another_officer_of_the_department(
    directory: Directory, tax: str,
) -> None:
    directory.register("app-tax", tax)
    with pytest.raises(ProductionNotApproved):
        directory.issue("app-tax", "production")
    asking, stranger, handler, other = (directory.person() for _ in range(4))
    for officer, role in ((asking, "manager"), (handler, "handler"), (other, "approver")):
        directory.join(tax, officer, role)
    directory.join(directory.add("别局").department_id, stranger, "approver")
    assert directory.ask("app-tax", asking).production_label == "待审批"
    for officer in (asking, stranger, handler):
        with pytest.raises(DecisionNotAllowed):
            directory.decide("app-tax", officer)
    assert directory.decide("app-tax", other).production == "approved"
    assert directory.issue("app-tax", "production").key.startswith("ztp_")
    assert set(directory.doors()) == {"app-tax", "app-tax-sandbox"}


def test_a_membership_counts_in_its_period_only(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    directory.ask("app-tax", "sub_x")
    late, early, ended = (directory.person() for _ in range(3))
    directory.join(tax, late, "approver", valid_from="2026-03-02")
    directory.join(tax, early, "approver", valid_from="2026-01-01", valid_until="2026-02-28")
    gone = directory.join(tax, ended, "approver")
    assert gone.valid_from == date(2026, 3, 1)
    directory.call(memberships.end_membership, schemas.EndMembership, membership_id=gone.membership_id)
    for officer in (late, early, ended):
        with pytest.raises(DecisionNotAllowed):
            directory.decide("app-tax", officer)


def test_an_officer_is_an_active_person_of_the_realm(directory: Directory, tax: str) -> None:
    with pytest.raises(OfficerUnknown):
        directory.join(tax, "sub_nobody", "handler")
    with pytest.raises(PeriodInvalid):
        directory.join(tax, directory.person(), "handler", valid_from="2026-02-02", valid_until="2026-02-01")


def test_a_portal_is_approved_by_the_realm(directory: Directory, tax: str) -> None:
    directory.register("app-city", tax, kind="portal")
    approver = directory.person()
    directory.join(tax, approver, "approver")
    directory.ask("app-city", "sub_x")
    with pytest.raises(DecisionNotAllowed):
        directory.decide("app-city", approver)
    realm = directory.person()
    directory.join(directory.owner, realm, "approver")
    assert directory.decide("app-city", realm).production == "approved"


def test_who_asks_for_a_portal_does_not_approve_it_in_the_realm_either(directory: Directory, tax: str) -> None:
    directory.register("app-city", tax, kind="portal")
    asking, other = directory.person(), directory.person()
    for officer in (asking, other):
        directory.join(directory.owner, officer, "manager")
    directory.ask("app-city", asking)
    with pytest.raises(DecisionNotAllowed, match="has asked for production"):
        directory.decide("app-city", asking)
    assert directory.decide("app-city", other).production == "approved"


def test_the_person_of_a_session_is_recorded_as_the_asker_and_does_not_approve(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    asking, other = directory.person(), directory.person()
    for officer in (asking, other):
        directory.join(tax, officer, "approver")
    session = Acting(asking, "ses_1", OFFICER, roles=frozenset({"approver"}))
    tenant = directory.doors()["app-tax-sandbox"].tenant
    me: dict[str, Any] = {"caller": "app-tax-sandbox", "as_tenant": tenant, "acting": session}
    with pytest.raises(SelfServiceNotAllowed):
        directory.ask("app-tax", other, **me)
    directory.ask("app-tax", **me)
    asked = directory.call(read.list_changes, schemas.ListChanges, thing_id="app-tax").items[0]
    assert asked.facts["requested_by"] == asking
    with pytest.raises(DecisionNotAllowed, match="has asked for production"):
        directory.decide("app-tax", asking)
    with pytest.raises(DecisionNotAllowed, match="the session is another person's"):
        directory.decide("app-tax", other, acting=session)
    assert directory.decide("app-tax", other).production == "approved"


def test_two_keys_of_an_environment_open_during_a_change_and_a_third_is_refused(
    directory: Directory, tax: str,
) -> None:
    first = directory.register("app-tax", tax)
    second = directory.issue("app-tax", "sandbox")
    with pytest.raises(TooManyKeys):
        directory.issue("app-tax", "sandbox")
    assert directory.hashes() == {key_hash(first.key), key_hash(second.key)}
    view = directory.revoke("app-tax", first.key_id)
    assert [key.state for key in view.keys] == ["revoked", "active"]
    assert directory.hashes() == {key_hash(second.key)}
    with pytest.raises(IllegalTransition):
        directory.revoke("app-tax", first.key_id)
    with pytest.raises(AppKeyNotFound):
        directory.revoke("app-tax", "key_unknown")


def test_a_change_holds_in_the_sandbox_at_once_and_in_production_after_its_approval(
    directory: Directory, tax: str,
) -> None:
    directory.register("app-tax", tax)
    directory.approve("app-tax", tax)
    directory.issue("app-tax", "production")
    change(directory)
    doors = directory.doors()
    assert (doors["app-tax-sandbox"].methods, doors["app-tax"].methods) == (("payment.*",), ("*",))
    directory.ask("app-tax", "sub_x")
    with pytest.raises(ProductionRequested):
        change(directory, scopes=["*"])
    officer = directory.person()
    directory.join(tax, officer, "manager")
    assert directory.decide("app-tax", officer, approve=False).production == "approved"
    assert directory.doors()["app-tax"].methods == ("*",)
    directory.ask("app-tax", "sub_x")
    directory.decide("app-tax", officer)
    assert directory.doors()["app-tax"].methods == ("payment.*",)


def test_a_refused_first_request_leaves_an_app_without_production(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    officer = directory.person()
    directory.join(tax, officer, "manager")
    directory.ask("app-tax", "sub_x")
    assert directory.decide("app-tax", officer, approve=False).production == "none"
    with pytest.raises(IllegalTransition):
        directory.decide("app-tax", officer)


def test_an_app_manages_itself_and_no_other(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    directory.register("app-other", tax)
    tenant = directory.doors()["app-tax-sandbox"].tenant
    me: dict[str, Any] = {"caller": "app-tax-sandbox", "as_tenant": tenant}
    assert directory.issue("app-tax", "sandbox", **me).key_id
    listed = directory.call(read.list_apps, schemas.ListApps, **me)
    assert [app.app for app in listed.items] == ["app-tax"]
    with pytest.raises(AppNotFound):
        directory.issue("app-other", "sandbox", **me)
    with pytest.raises(SelfServiceNotAllowed):
        directory.call(register_app, schemas.RegisterApp, app="app-new", title="新", **me)
    with pytest.raises(SelfServiceNotAllowed):
        directory.ask("app-tax", "sub_x", **me)
    assert directory.ask("app-tax", **me).production == "requested"


def test_a_sandbox_key_opens_nothing_of_production(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    directory.approve("app-tax", tax)
    key = directory.issue("app-tax", "production")
    me: dict[str, Any] = {"caller": "app-tax-sandbox", "as_tenant": directory.doors()["app-tax-sandbox"].tenant}
    with pytest.raises(SelfServiceNotAllowed):
        directory.issue("app-tax", "production", **me)
    with pytest.raises(SelfServiceNotAllowed):
        directory.revoke("app-tax", key.key_id, **me)
    with pytest.raises(SelfServiceNotAllowed):
        directory.call(close_app, schemas.ByApp, app="app-tax", **me)
    with pytest.raises(SelfServiceNotAllowed):
        directory.call(change_app, schemas.ChangeApp, app="app-tax", title="另名", scopes=["*"], **me)
    with pytest.raises(SelfServiceNotAllowed):
        directory.ask("app-tax", **me)


def test_an_officers_console_manages_the_apps_of_its_department(directory: Directory, tax: str) -> None:
    me = console_of(directory, tax)
    directory.register("app-far", directory.add("别局").department_id)
    made = directory.call(register_app, schemas.RegisterApp, app="app-new", title="新", **me)
    assert made.app == "app-new"
    listed = directory.call(read.list_apps, schemas.ListApps, **me)
    assert [app.app for app in listed.items] == ["app-console", "app-new"]
    assert directory.issue("app-new", "sandbox", **me)
    with pytest.raises(AppNotFound):
        directory.issue("app-far", "sandbox", **me)


def console_of(directory: Directory, department: str) -> dict[str, Any]:
    """An officers' console that calls from production."""
    directory.register("app-console", department, kind="officer")
    directory.approve("app-console", department)
    directory.issue("app-console", "production")
    return {"caller": "app-console", "as_tenant": directory.doors()["app-console"].tenant}


def test_a_console_registers_no_app_from_the_sandbox(directory: Directory, tax: str) -> None:
    console_of(directory, tax)
    sandbox: dict[str, Any] = {
        "caller": "app-console-sandbox", "as_tenant": directory.doors()["app-console-sandbox"].tenant}
    with pytest.raises(SelfServiceNotAllowed, match="from the sandbox"):
        directory.call(register_app, schemas.RegisterApp, app="app-new", title="新", **sandbox)
    assert "app-new-sandbox" not in directory.doors()


def test_a_console_registers_no_portal(directory: Directory, tax: str) -> None:
    me = console_of(directory, tax)
    with pytest.raises(SelfServiceNotAllowed, match="the realm registers portals"):
        directory.call(register_app, schemas.RegisterApp, app="app-new", title="新", kind="portal", **me)


@pytest.mark.parametrize("configured", ["app-new", "app-new-sandbox"])
def test_a_name_of_the_configuration_is_not_registered(
    directory: Directory, tax: str, monkeypatch: pytest.MonkeyPatch, configured: str,
) -> None:
    monkeypatch.setattr(directory.transactions, "configured_apps", (configured,))
    with pytest.raises(AppNameTaken, match="configuration"):
        directory.register("app-new", tax)
    assert directory.register("app-other", tax).app == "app-other"


def test_a_frozen_app_calls_nothing_and_goes_on_afterwards(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    directory.call(freeze_app_now, schemas.ByApp, app="app-tax")
    assert directory.hashes() == set()
    with pytest.raises(AppNotActive):
        directory.issue("app-tax", "sandbox")
    directory.call(unfreeze_app_now, schemas.ByApp, app="app-tax")
    assert len(directory.hashes()) == 1


def test_a_closed_app_is_off_for_good(directory: Directory, tax: str) -> None:
    directory.register("app-tax", tax)
    closed = directory.call(close_app, schemas.ByApp, app="app-tax")
    assert closed.state_label == "已下线" and {key.state for key in closed.keys} == {"revoked"}
    assert directory.hashes() == set()
    with pytest.raises(IllegalTransition):
        directory.call(unfreeze_app_now, schemas.ByApp, app="app-tax")
    with pytest.raises(AppNameTaken):
        directory.register("app-tax", tax)


def freeze_app_now(tx: Any, command: Any, context: Any) -> Any:
    return freeze_app(tx, command, context, frozen=True)


def unfreeze_app_now(tx: Any, command: Any, context: Any) -> Any:
    return freeze_app(tx, command, context, frozen=False)


def test_an_officer_of_the_sandbox_decides_nothing_about_production(directory: Directory) -> None:
    """Pretended persons may be officers in the sandbox; production is decided by real ones."""
    department = directory.add("税务局").department_id
    directory.register("app-tax", department)
    pretended = directory.call(
        register_person, RegisterPerson, as_tenant=f"{REALM}-sandbox", name="林静", id_number="33010619850615002X")
    directory.join(department, pretended.subject_id, "approver")
    directory.ask("app-tax")
    with pytest.raises(DecisionNotAllowed):
        directory.decide("app-tax", pretended.subject_id)
