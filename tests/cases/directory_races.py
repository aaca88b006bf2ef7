"""Requests of the directory's methods, each in a state in which its first caller succeeds."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from shared_components.kernel.calls import CallContext
from shared_components.kernel.numbers import complete_resident_id
from tests.cases.racing import TENANT, Racer
from tests.unit.payment.world import UNIT_CODE

Make = Callable[[Racer], Mapping[str, Any]]
APP = "app-bureau"


def realm(racing: Racer) -> str:
    """Create the realm; gives its first department."""
    with racing.transaction() as tx:
        made = create_realm(tx, CreateRealm(TENANT, "示范市", "数据局"), CallContext("operator", TENANT))
    assert made.department_id is not None
    return made.department_id


def added(racing: Racer, name: str = "税务局") -> Mapping[str, Any]:
    return {"department_id": racing.ask("add_department", name=name)["department_id"]}


def department(**more: Any) -> Make:
    def make(racing: Racer) -> Mapping[str, Any]:
        realm(racing)
        return {**added(racing), **more}

    return make


def moving(racing: Racer) -> Mapping[str, Any]:
    return {**department()(racing), "parent_id": added(racing, "财政局")["department_id"]}


def merging(racing: Racer) -> Mapping[str, Any]:
    return {**department()(racing), "successor_id": added(racing, "财政局")["department_id"]}


def joining(racing: Racer) -> Mapping[str, Any]:
    person = racing.ask("register_person", name="张三", id_number=complete_resident_id("33010619900307001"))
    return {**department()(racing), "subject_id": person["subject_id"], "roles": ["approver"]}


def leaving(racing: Racer) -> Mapping[str, Any]:
    return {"membership_id": racing.ask("add_membership", **joining(racing))["membership_id"]}


def registering(racing: Racer) -> Mapping[str, Any]:
    return {"app": APP, "title": "办税服务", **department()(racing)}


def app(*before: str, **more: Any) -> Make:
    def make(racing: Racer) -> Mapping[str, Any]:
        racing.ask("register_app", **registering(racing))
        for method in before:
            racing.ask(method, app=APP)
        return {"app": APP, **more}

    return make


def revoking(racing: Racer) -> Mapping[str, Any]:
    return {"app": APP, "key_id": racing.ask("register_app", **registering(racing))["key_id"]}


def deciding(racing: Racer) -> Mapping[str, Any]:
    joined = joining(racing)
    racing.ask("add_membership", **joined)
    racing.ask("register_app", app=APP, title="办税服务", department_id=joined["department_id"])
    racing.ask("request_production", app=APP)
    return {"app": APP, "officer_id": joined["subject_id"], "approve": True, "reason": "符合要求"}


def adding(racing: Racer) -> Mapping[str, Any]:
    realm(racing)
    return {"name": "税务局", "code": "B1"}


RACES: Mapping[str, Make] = {
    "identity.add_department": adding,
    "identity.rename_department": department(name="税务总局"),
    "identity.change_credit_code": department(credit_code=UNIT_CODE),
    "identity.move_department": moving,
    "identity.merge_department": merging,
    "identity.close_department": department(),
    "identity.add_membership": joining,
    "identity.end_membership": leaving,
    "identity.register_app": registering,
    "identity.change_app": app(title="办税大厅", scopes=["payment.*"], redirect_uris=[]),
    "identity.issue_app_key": app(environment="sandbox"),
    "identity.revoke_app_key": revoking,
    "identity.request_production": app(),
    "identity.decide_production": deciding,
    "identity.freeze_app": app(),
    "identity.unfreeze_app": app("freeze_app"),
    "identity.close_app": app(),
}
