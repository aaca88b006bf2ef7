"""`zhongtai directory sync` on a real RabbitMQ: users come, change and go with the directory."""
from __future__ import annotations

import secrets
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
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.deployment.administration import BrokerAdministration, BrokerNotManaged
from shared_components.bus.deployment.app_users import TAG, Drift
from shared_components.bus.deployment.definitions import definitions, read_contracts, with_passwords
from shared_components.bus.deployment.management_api import ManagementApi, ManagementUrlInvalid
from shared_components.bus.deployment.rabbitmqctl import Rabbitmqctl
from shared_components.bus.deployment.rights import DIRECTORY_SYNC
from shared_components.bus.server.process_copies import known_copies
from shared_components.configuration.loading import load_configuration
from shared_components.db import ALL_TENANTS, migrate
from shared_components.db.feeds.tables import entries
from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.runtime.discovery import service_folder
from tests.integration.bus_harness import wait_until

pytestmark = pytest.mark.integration
PASSWORD = secrets.token_hex(12)
PATIENCE_S = 100.0
"""The broker takes its time beside other work."""


def logs_in(broker: PrivateRabbitMQ, user: str, key: str) -> bool:
    try:
        BrokerConnection(broker.url_for(user, key, "zhongtai"), heartbeat_s=0).close()
    except (AccessRefused, NotAllowed):  # before the user, or its rights, are there
        return False
    return True


def is_ended(connection: BrokerConnection) -> bool:
    """Tell whether the broker closes the connection."""
    try:
        connection.channel.connection.drain_events(timeout=PATIENCE_S)
    except TimeoutError:
        return False
    except CONNECTION_ERRORS:
        return True
    finally:
        connection.abort()
    return False


class Synced:
    """A directory and a broker with the shipped definitions."""

    def __init__(self, folder: Path, broker: PrivateRabbitMQ, administration: BrokerAdministration) -> None:
        url = f"sqlite:///{folder}/zhongtai.db"
        migrate(url, "identity")
        (folder / "zhongtai.yaml").write_text(f"security: {{master_key_file: {folder}/master.key}}\n")
        configuration = load_configuration(folder / "zhongtai.yaml", environ={"ZHONGTAI_DATABASE_URL": url})
        self.transactions, self.broker = IdentityTransactions(configuration, "default"), broker
        self.administration = administration
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
        return synchronise(self.transactions, self.administration, check=check, configured={})

    def is_refused(self, user: str) -> bool:
        """Tell what a service decides by its copy, as it is now."""
        with self.transactions._direct.scope(ALL_TENANTS) as scope:
            told = scope.session.execute(select(entries).order_by(entries.c.n)).all()
        last = {(row.kind, row.key): row.data for row in told}
        app = known_copies({key: said for key, said in last.items() if said is not None}).app(user)
        return app is None or not app.active or app.broker_key_revoked


@pytest.fixture(scope="module")
def management() -> str:
    return f"{LOOPBACK}:{free_port()}"


@pytest.fixture(scope="module")
def broker(management: str) -> Iterator[PrivateRabbitMQ]:
    host, _, port = management.partition(":")
    settings = [f"management.tcp.ip = {host}", f"management.tcp.port = {port}"]
    with PrivateRabbitMQ(plugins=["rabbitmq_management"], settings=settings) as one:
        shipped = definitions(read_contracts(service_folder("identity").parent))
        one.import_definitions(with_passwords(shipped, {DIRECTORY_SYNC: PASSWORD}))
        yield one


@pytest.fixture
def by_http(broker: PrivateRabbitMQ, management: str) -> ManagementApi:
    return ManagementApi(f"http://{DIRECTORY_SYNC}:{PASSWORD}@{management}")


@pytest.fixture
def synced(tmp_path: Path, broker: PrivateRabbitMQ, by_http: ManagementApi) -> Iterator[Synced]:
    """Over HTTP, which costs no Erlang machine for each look."""
    one = Synced(tmp_path, broker, by_http)
    yield one
    for user in by_http.export_definitions()["users"]:
        if TAG in user["tags"]:
            by_http.delete_user(user["name"])
    one.transactions.close()


def rights_over_all(user: str) -> dict[str, Any]:
    all_of_it = {"user": user, "vhost": "zhongtai", "configure": ".*", "write": ".*", "read": ".*"}
    return {"permissions": [all_of_it]}


@pytest.mark.timeout(600)
def test_rabbitmqctl_does_what_the_management_does(synced: Synced) -> None:
    synced.administration = Rabbitmqctl([synced.broker.rabbitmqctl], synced.broker.environment())
    key = synced.register("app-mail")
    assert synced.sync() == [Drift("app-mail-sandbox", "missing")]
    assert logs_in(synced.broker, "app-mail-sandbox", key)
    connection = BrokerConnection(synced.broker.url_for("app-mail-sandbox", key, "zhongtai"), heartbeat_s=0)
    synced.administration.close_connections("app-mail-sandbox", "a test")
    assert is_ended(connection)
    synced.close("app-mail")
    assert synced.sync() == [Drift("app-mail-sandbox", "extra")]
    assert not logs_in(synced.broker, "app-mail-sandbox", key)


def test_users_of_the_broker_follow_the_directory(synced: Synced, by_http: ManagementApi) -> None:
    broker, first = synced.broker, synced.register("app-tax")
    missing = [Drift("app-tax-sandbox", "missing")]
    assert synced.sync(check=True) == missing
    assert not logs_in(broker, "app-tax-sandbox", first)
    assert synced.sync() == missing
    assert synced.sync(check=True) == []
    assert logs_in(broker, "app-tax-sandbox", first)
    by_http.import_definitions(rights_over_all("app-tax-sandbox"))
    second = synced.issue("app-tax")
    assert synced.sync() == [Drift("app-tax-sandbox", "password"), Drift("app-tax-sandbox", "rights")]
    assert synced.sync(check=True) == []
    assert logs_in(broker, "app-tax-sandbox", second) and not logs_in(broker, "app-tax-sandbox", first)
    synced.close("app-tax")
    assert synced.sync() == [Drift("app-tax-sandbox", "extra")]
    assert not logs_in(broker, "app-tax-sandbox", second)
    assert "app-demo" in [user["name"] for user in by_http.export_definitions()["users"]], "those of others stay"


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
    assert is_ended(connection)
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
    user, stop = "app-post-sandbox", threading.Event()
    told: list[Any] = []
    key = synced.register("app-post")
    watching = threading.Thread(target=follow, args=(synced.transactions, Flaky(synced.administration)), kwargs={
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


class Flaky:
    """A broker that does not answer the first time."""

    def __init__(self, administration: BrokerAdministration) -> None:
        self._administration, self.asked = administration, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._administration, name)

    def export_definitions(self) -> dict[str, Any]:
        self.asked += 1
        if self.asked == 1:
            raise BrokerNotManaged
        return self._administration.export_definitions()


def test_the_management_refuses_in_words_without_the_password(broker: PrivateRabbitMQ, management: str) -> None:
    """The address is right and the password is not; then nobody listens there."""
    for place, said in ((management, "answers 401 to GET /api/definitions"), (f"{LOOPBACK}:1", "cannot be reached")):
        with pytest.raises(BrokerNotManaged, match=said) as refused:
            ManagementApi(f"http://{DIRECTORY_SYNC}:wrong-one@{place}").export_definitions()
        assert place in refused.value.message and "wrong-one" not in refused.value.message
    with pytest.raises(BrokerNotManaged, match="answers 401"):
        ManagementApi(f"http://operator:{PASSWORD}@{management}").export_definitions()


@pytest.mark.parametrize("url", ["", "rabbitmq:15672", "amqp://a:s3cret@rabbitmq", "http://rabbitmq:15672", "http://a@rabbitmq",
                                 "http://a:s3cret@rabbitmq:port", "http://a:s3cret@rabbitmq/api"])
def test_a_management_address_of_another_form_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ManagementUrlInvalid, match="directory-sync:PASSWORD@rabbitmq:15672") as refused:
        ManagementApi(url)
    assert "s3cret" not in refused.value.message


def test_the_administrator_of_users_has_no_exchange_and_no_queue(broker: PrivateRabbitMQ) -> None:
    connection = BrokerConnection(broker.url_for(DIRECTORY_SYNC, PASSWORD, "zhongtai"), heartbeat_s=0)
    with pytest.raises(AccessRefused):
        connection.channel.queue_declare("mine")
    connection.abort()
