"""`zhongtai directory sync` on a real RabbitMQ: users come, change and go with the directory."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from amqp.exceptions import AccessRefused, NotAllowed
from sqlalchemy import select

from services.identity.commands.sync import follow, synchronise
from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.close_app import ByApp, close_app
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.issue_key import IssueAppKey, issue_app_key
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from services.identity.directory.usecases.revoke_key import RevokeAppKey, revoke_app_key
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.deployment.app_users import Drift
from shared_components.bus.deployment.definitions import definitions, read_contracts
from shared_components.bus.deployment.rabbitmqctl import BrokerNotManaged, Rabbitmqctl
from shared_components.bus.server.process_copies import known_copies
from shared_components.configuration.loading import load_configuration
from shared_components.db import ALL_TENANTS, migrate
from shared_components.db.feeds.tables import entries
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.runtime.discovery import service_folder
from tests.integration.bus_harness import wait_until

pytestmark = pytest.mark.integration
PATIENCE_S = 100.0
"""Each look or change starts an Erlang machine, which takes its time beside other work."""


def logs_in(broker: PrivateRabbitMQ, user: str, key: str) -> bool:
    try:
        BrokerConnection(broker.url_for(user, key, "zhongtai"), heartbeat_s=0).close()
    except (AccessRefused, NotAllowed):  # before the user, or its rights, are there
        return False
    return True


class Synced:
    """A directory and a broker with the shipped definitions."""

    def __init__(self, folder: Path, broker: PrivateRabbitMQ) -> None:
        url = f"sqlite:///{folder}/zhongtai.db"
        migrate(url, "identity")
        (folder / "zhongtai.yaml").write_text(f"security: {{master_key_file: {folder}/master.key}}\n")
        configuration = load_configuration(folder / "zhongtai.yaml", environ={"ZHONGTAI_DATABASE_URL": url})
        self.transactions, self.broker = IdentityTransactions(configuration, "default"), broker
        self.ctl = Rabbitmqctl([broker.rabbitmqctl], broker.environment())
        with self.transactions.begin() as tx:
            self.realm = create_realm(tx, CreateRealm("default", "示范市", "数据局"), self.transactions.context)

    def register(self, app: str) -> str:
        with self.transactions.begin() as tx:
            return register_app(tx, RegisterApp(app, "办税", self.realm.department_id), self.transactions.context).key

    def issue(self, app: str) -> str:
        with self.transactions.begin() as tx:
            return issue_app_key(tx, IssueAppKey(app, "sandbox"), self.transactions.context).key

    def revoke(self, app: str, which: int) -> None:
        """Revoke the app's first or second key."""
        with self.transactions.begin() as tx:
            keys = tx.apps.keys([app])[app]
            revoke_app_key(tx, RevokeAppKey(app, keys[which].key_id), self.transactions.context)

    def close(self, app: str) -> None:
        with self.transactions.begin() as tx:
            close_app(tx, ByApp(app), self.transactions.context)

    def sync(self, *, check: bool = False) -> list[Drift]:
        return synchronise(self.transactions, self.ctl, check=check, configured={})

    def is_refused(self, user: str) -> bool:
        """Tell what a service decides by its copy, as it is now."""
        with self.transactions._direct.scope(ALL_TENANTS) as scope:
            told = scope.session.execute(select(entries).order_by(entries.c.n)).all()
        last = {(row.kind, row.key): row.data for row in told}
        app = known_copies({key: said for key, said in last.items() if said is not None}).app(user)
        return app is None or not app.active or app.broker_key_revoked


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateRabbitMQ]:
    one = PrivateRabbitMQ().start()
    one.import_definitions(definitions(read_contracts(service_folder("identity").parent)))
    yield one
    one.stop()


@pytest.fixture
def synced(tmp_path: Path, broker: PrivateRabbitMQ) -> Iterator[Synced]:
    one = Synced(tmp_path, broker)
    yield one
    one.transactions.close()


def test_users_of_the_broker_follow_the_directory(synced: Synced) -> None:
    broker, first = synced.broker, synced.register("app-tax")
    missing = [Drift("app-tax-sandbox", "missing")]
    assert synced.sync(check=True) == missing
    assert not logs_in(broker, "app-tax-sandbox", first)
    assert synced.sync() == missing
    assert synced.sync(check=True) == []
    assert logs_in(broker, "app-tax-sandbox", first)
    broker.ctl("set_permissions", "-p", "zhongtai", "app-tax-sandbox", ".*", ".*", ".*")
    second = synced.issue("app-tax")
    assert synced.sync() == [Drift("app-tax-sandbox", "password"), Drift("app-tax-sandbox", "rights")]
    assert synced.sync(check=True) == []
    assert logs_in(broker, "app-tax-sandbox", second) and not logs_in(broker, "app-tax-sandbox", first)
    synced.close("app-tax")
    assert synced.sync() == [Drift("app-tax-sandbox", "extra")]
    assert not logs_in(broker, "app-tax-sandbox", second)
    assert "app-demo" in broker.ctl("list_users"), "users of the shipped definitions stay"


def test_a_revoked_key_that_still_logs_in_opens_nothing_and_its_connection_is_closed(synced: Synced) -> None:
    user, broker = "app-water-sandbox", synced.broker
    first = synced.register("app-water")
    synced.sync()
    second = synced.issue("app-water")
    synced.sync()
    assert not synced.is_refused(user)
    connection = BrokerConnection(broker.url_for(user, second, "zhongtai"), heartbeat_s=0)
    synced.revoke("app-water", 1)
    assert logs_in(broker, user, second), "the broker does not know yet"
    assert synced.is_refused(user), "services know at once"
    assert synced.sync() == [Drift(user, "password")]
    wait_until(
        lambda: user not in broker.ctl("list_connections", "user"), "the connection is closed", seconds=PATIENCE_S)
    connection.abort()
    assert not logs_in(broker, user, second) and logs_in(broker, user, first)
    assert not synced.is_refused(user)


def test_a_revoked_older_key_stops_nobody(synced: Synced) -> None:
    synced.register("app-gas")
    synced.issue("app-gas")
    synced.sync()
    synced.revoke("app-gas", 0)
    assert not synced.is_refused("app-gas-sandbox")
    assert synced.sync() == []


def test_apps_whose_users_nobody_has_synchronised_go_on(synced: Synced) -> None:
    synced.register("app-heat")
    synced.issue("app-heat")
    synced.revoke("app-heat", 1)
    assert not synced.is_refused("app-heat-sandbox")


def test_the_watcher_follows_within_seconds_and_outlives_a_broker_that_does_not_answer(synced: Synced) -> None:
    user, told, stop = "app-post-sandbox", [], threading.Event()
    key = synced.register("app-post")
    watching = threading.Thread(target=follow, args=(synced.transactions, Flaky(synced.ctl)), kwargs={
        "configured": {}, "stop": stop, "tell": told.append, "every_s": 0.1})
    watching.start()
    try:
        wait_until(lambda: logs_in(synced.broker, user, key), "the user was made", seconds=PATIENCE_S)
        second = synced.issue("app-post")
        wait_until(lambda: logs_in(synced.broker, user, second), "the newest key counts", seconds=PATIENCE_S)
        synced.revoke("app-post", 1)
        wait_until(lambda: not logs_in(synced.broker, user, second), "the revoked key is gone", seconds=PATIENCE_S)
        wait_until(lambda: not synced.is_refused(user), "the other key counts", seconds=PATIENCE_S)
    finally:
        stop.set()
        watching.join(PATIENCE_S)
    assert next([each.what for each in found if each.user == user] for found in told) == ["missing"]


class Flaky(Rabbitmqctl):
    """A broker that does not answer the first time."""

    def __init__(self, ctl: Rabbitmqctl) -> None:
        self.__dict__.update(ctl.__dict__)
        self.asked = 0

    def export_definitions(self) -> dict[str, Any]:
        self.asked += 1
        if self.asked == 1:
            raise BrokerNotManaged
        return super().export_definitions()
