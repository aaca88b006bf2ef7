"""The directory decides for apps over AMQP as over HTTP, on RabbitMQ as it is deployed: shipped users and rights."""
from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from shared_components.bus import BusClient
from shared_components.bus.deployment.rights import APP
from shared_components.configuration.loading import load_configuration
from shared_components.devstack.servers import PostgreSQL, RabbitMQ
from shared_components.kernel.errors import AppError
from tests.faults.conftest import lab_on
from tests.faults.deployed import APP_TENANTS, deploy_app, deploy_shipped, start_services, wait_leased
from tests.faults.lab import Lab
from tests.faults.world import World

pytestmark = pytest.mark.integration
REALM, HALL, TWICE = "city", "app-hall", "app-twice"
NOT_GRANTED, CLOSED, TWO_TENANTS = "bus.method-not-granted", "authority.app-closed", "bus.app-not-allowed"
PATIENCE_S = 10.0


@dataclass
class Directory:
    """A realm with one department, on the shipped broker; apps have users of the broker from the first moment."""

    lab: Lab
    world: World
    operator: BusClient
    department_id: str
    urls: dict[str, str]

    def register(self, app: str, scopes: list[str]) -> str:
        """Give the key's id."""
        issued = self.ask("register_app", app=app, title="大厅", department_id=self.department_id, scopes=scopes)
        name = f"{app}-sandbox"
        self.urls[name] = self.urls.get(name) or deploy_app(self.lab, self.world, name, like=APP)
        return str(issued["key_id"])

    def ask(self, method: str, **data: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.operator.call("identity", method, data, timeout_s=15)
        return found

    def call(self, app: str, method: str, **data: Any) -> str:
        """ok, or the code of the refusal."""
        with BusClient(self.urls[f"{app}-sandbox"], caller=f"{app}-sandbox") as client:
            try:
                client.call("elicence", method, data, timeout_s=15)
            except AppError as error:
                return error.code
        return "ok"

    def until(self, wanted: str, app: str, method: str = "list_types") -> None:
        ends = time.monotonic() + PATIENCE_S
        while (found := self.call(app, method)) != wanted:
            assert time.monotonic() < ends, f"'{found}', not '{wanted}', after {PATIENCE_S:g} s"


@pytest.fixture(scope="module")
def directory(
    rabbitmq: RabbitMQ, postgres: PostgreSQL, tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Directory]:
    lab = lab_on(rabbitmq, postgres, tmp_path_factory.mktemp("apps"))
    with lab.world("apps", "identity", "elicence") as world:
        urls = deploy_shipped(lab, world)
        start_services(world, urls, names=["identity", "elicence"], app_tenants={
            **APP_TENANTS, f"{TWICE}-sandbox": "another-department"})
        transactions = IdentityTransactions(load_configuration(world.configure("command"), environ={}), REALM)
        with transactions.begin() as tx:
            realm = create_realm(tx, CreateRealm(REALM, "示范市", "数据局"), transactions.context)
        transactions.close()
        assert realm.department_id is not None
        wait_leased(world, "elicence")
        operator = world.client(urls["operator"], tenant=REALM)
        yield Directory(lab, world, operator, realm.department_id, urls)


def test_an_app_of_the_directory_needs_no_setting_and_its_scopes_hold(directory: Directory) -> None:
    directory.register(HALL, ["elicence.list_types"])
    directory.until("ok", HALL)
    assert directory.call(HALL, "get", licence_id="lic_x") == NOT_GRANTED


def test_a_frozen_and_a_closed_app_are_refused_at_once_though_their_users_exist(directory: Directory) -> None:
    directory.register("app-shut", ["*"])
    directory.until("ok", "app-shut")
    directory.ask("freeze_app", app="app-shut")
    assert directory.call("app-shut", "list_types") == CLOSED
    directory.ask("unfreeze_app", app="app-shut")
    directory.until("ok", "app-shut")
    directory.ask("close_app", app="app-shut")
    assert [directory.call("app-shut", "list_types") for _ in range(3)] == [CLOSED] * 3


def test_an_app_without_a_key_is_refused_at_once(directory: Directory) -> None:
    key_id = directory.register("app-keyless", ["*"])
    directory.until("ok", "app-keyless")
    directory.ask("revoke_app_key", app="app-keyless", key_id=key_id)
    assert directory.call("app-keyless", "list_types") == CLOSED


def test_an_app_that_has_two_tenants_is_refused(directory: Directory) -> None:
    """The other one stands in bus.app_tenants; a registration of that name is refused where identity reads it."""
    transactions = IdentityTransactions(load_configuration(directory.world.configure("other"), environ={}), REALM)
    with transactions.begin() as tx:
        register_app(tx, RegisterApp(TWICE, "双份", directory.department_id), transactions.context)
    transactions.close()
    directory.urls[f"{TWICE}-sandbox"] = deploy_app(directory.lab, directory.world, f"{TWICE}-sandbox", like=APP)
    directory.until(TWO_TENANTS, TWICE)


def test_an_app_that_the_directory_does_not_know_goes_by_the_setting(directory: Directory) -> None:
    with BusClient(directory.urls[APP], caller=APP) as client:
        assert client.call("elicence", "list_types", {}, timeout_s=15)["items"] == []


def test_while_the_copy_has_no_lease_an_app_of_the_directory_waits_and_others_go_on(directory: Directory) -> None:
    directory.register("app-late", ["*"])
    directory.until("ok", "app-late")
    identity = next(worker for worker in directory.world.workers.all if worker.name == "identity")
    identity.process.send_signal(signal.SIGSTOP)
    try:
        directory.until("db.feed-stale", "app-late")
        test_an_app_that_the_directory_does_not_know_goes_by_the_setting(directory)
    finally:
        identity.process.send_signal(signal.SIGCONT)
    directory.until("ok", "app-late")
