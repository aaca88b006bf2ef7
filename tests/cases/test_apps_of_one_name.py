"""A name is one app: an app of the directory never becomes a configured app of another department.

An officers' console may register any free name, and an approver of its department opens it in production.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from services.gateway.domain.apps import key_hash
from services.identity.commands.sync import synchronise
from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from services.identity.providers import configured_apps
from services.identity.service import IdentityService
from shared_components.bus.amqp.caller_identity import CallerIdentity
from shared_components.bus.deployment.app_users import Drift
from shared_components.bus.deployment.rabbitmqctl import Rabbitmqctl
from shared_components.bus.errors import AppNotAllowed
from shared_components.configuration.loading import load_configuration
from shared_components.contracts import service_contract
from shared_components.db import migrate
from tests.unit.gateway.test_app_directory import Feed
from tests.unit.gateway.world import KEY_A, OTHER, TILL, Edge, problem_of

SETTINGS = {"caller_authentication": "broker", "default_tenant": "default", "app_tenants": {"app-tax": "tax"}}
KEY = "ztp_key-of-a-namesake-0123456789"


def test_an_app_that_the_gateway_passes_on_has_its_configured_tenant_or_is_refused() -> None:
    identity = CallerIdentity(SETTINGS)
    assert identity.of("gateway", {"for_app": "app-tax", "tenant": "tax"}) == ("app-tax", "tax", "gateway", "tax")
    assert identity.of("gateway", {"for_app": "app-tax"}) == ("app-tax", "tax", "gateway", "tax")
    with pytest.raises(AppNotAllowed, match=r"'app-tax' has tenant 'tnt_police' at the gateway and another one"):
        identity.of("gateway", {"for_app": "app-tax", "tenant": "tnt_police"})


@pytest.mark.parametrize(("tenant", "status"), [("tnt_police", 401), ("tenant-a", 200)])
def test_the_gateway_knows_no_app_of_the_directory_with_the_name_of_another_configured_one(
    tenant: str, status: int, tmp_path: Path,
) -> None:
    app = {"state": "active", "kind": "department", "department": "dep_1", "tenant": tenant, "scopes": ["*"],
           "in_flight": None, "calls_per_s": None}
    feed = Feed(tmp_path)
    feed.say("app", "app-a", app)
    feed.say("key", key_hash(KEY), {"app": "app-a", "key_id": "key_1"})
    edge = Edge({"identity.read_feed": feed.serve}, contracts=(TILL, OTHER, service_contract(IdentityService)))
    answer = edge.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"})
    assert answer.status_code == status
    if status == 401:
        problem_of(answer, 401, "gateway.key-unknown")
    assert edge.ask("/v1/till/read", key=KEY_A, json={"order_id": "till_1"}).status_code == 200


class Broker:
    """A broker with one user, whom nobody but the definitions has made."""

    def __init__(self, user: str) -> None:
        self.user, self.imported = user, list[Any]()

    def export_definitions(self) -> dict[str, Any]:
        return {"users": [{"name": self.user, "tags": [], "password_hash": "its own"}]}

    def import_definitions(self, wanted: Any) -> None:
        self.imported.append(wanted)


def test_the_user_of_a_configured_app_is_not_given_to_a_namesake(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/zhongtai.db"
    migrate(url, "identity")
    (tmp_path / "zhongtai.yaml").write_text(
        f"security: {{master_key_file: {tmp_path}/master.key}}\nbus: {{app_tenants: {{app-tax-sandbox: tax}}}}\n")
    configuration = load_configuration(tmp_path / "zhongtai.yaml", environ={"ZHONGTAI_DATABASE_URL": url})
    transactions = IdentityTransactions(configuration, "default")
    with transactions.begin() as tx:
        realm = create_realm(tx, CreateRealm("default", "示范市", "数据局"), transactions.context)
        # As before the configuration had the name.
        tx.configured_apps = ()
        register_app(tx, RegisterApp("app-tax", "冒名", realm.department_id), transactions.context)
    broker = Broker("app-tax-sandbox")
    found = synchronise(
        transactions, cast(Rabbitmqctl, broker), check=False, configured=configured_apps(configuration))
    transactions.close()
    assert found == [Drift("app-tax-sandbox", "namesake")]
    assert broker.imported == []
