"""`zhongtai directory sync` on a real RabbitMQ: users come, change and go with the directory."""
from __future__ import annotations

from pathlib import Path

import pytest
from amqp.exceptions import AccessRefused

from services.identity.commands.sync import synchronise
from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.close_app import ByApp, close_app
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.issue_key import IssueAppKey, issue_app_key
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.deployment.app_users import Drift
from shared_components.bus.deployment.definitions import definitions, read_contracts
from shared_components.bus.deployment.rabbitmqctl import Rabbitmqctl
from shared_components.configuration.loading import load_configuration
from shared_components.db import migrate
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.runtime.discovery import service_folder

pytestmark = pytest.mark.integration


def logs_in(broker: PrivateRabbitMQ, user: str, key: str) -> bool:
    try:
        BrokerConnection(broker.url_for(user, key, "zhongtai"), heartbeat_s=0).close()
    except AccessRefused:
        return False
    return True


def test_users_of_the_broker_follow_the_directory(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/zhongtai.db"
    migrate(url, "identity")
    (tmp_path / "zhongtai.yaml").write_text(f"security: {{master_key_file: {tmp_path}/master.key}}\n")
    configuration = load_configuration(tmp_path / "zhongtai.yaml", environ={"ZHONGTAI_DATABASE_URL": url})
    transactions = IdentityTransactions(configuration, "default")
    context = transactions.context
    with transactions.begin() as tx:
        realm = create_realm(tx, CreateRealm("default", "示范市", "数据局"), context)
        first = register_app(tx, RegisterApp("app-tax", "办税", realm.department_id), context)
    broker = PrivateRabbitMQ().start()
    try:
        broker.import_definitions(definitions(read_contracts(service_folder("identity").parent)))
        ctl = Rabbitmqctl([str(broker._bin / "rabbitmqctl")], broker._environment())
        missing = [Drift("app-tax-sandbox", "missing")]
        assert synchronise(transactions, ctl, check=True, configured={}) == missing
        assert not logs_in(broker, "app-tax-sandbox", first.key)
        assert synchronise(transactions, ctl, check=False, configured={}) == missing
        assert synchronise(transactions, ctl, check=True, configured={}) == []
        assert logs_in(broker, "app-tax-sandbox", first.key)
        broker.ctl("set_permissions", "-p", "zhongtai", "app-tax-sandbox", ".*", ".*", ".*")
        with transactions.begin() as tx:
            second = issue_app_key(tx, IssueAppKey("app-tax", "sandbox"), context)
        assert synchronise(transactions, ctl, check=False, configured={}) == [
            Drift("app-tax-sandbox", "password"), Drift("app-tax-sandbox", "rights")]
        assert synchronise(transactions, ctl, check=True, configured={}) == []
        assert logs_in(broker, "app-tax-sandbox", second.key) and not logs_in(broker, "app-tax-sandbox", first.key)
        with transactions.begin() as tx:
            close_app(tx, ByApp("app-tax"), context)
        assert synchronise(transactions, ctl, check=False, configured={}) == [Drift("app-tax-sandbox", "extra")]
        assert not logs_in(broker, "app-tax-sandbox", second.key)
        assert "app-demo" in broker.ctl("list_users"), "users of the shipped definitions stay"
    finally:
        broker.stop()
        transactions.close()
