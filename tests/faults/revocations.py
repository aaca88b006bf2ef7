"""The shipped path of R32: identity's directory, a service in two replicas, and the gateway, on real servers."""
from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from shared_components.bus import BusClient
from shared_components.configuration.loading import load_configuration
from shared_components.devstack.processes import free_port
from shared_components.kernel.acting import Acting
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import complete_resident_id
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.key_folder import KeyFolder
from tests.acting import citizen, officer
from tests.faults.workers import ROOT, Worker
from tests.faults.world import World

REALM, APP = "city", "app-hall"
SERVICE, METHOD = "elicence", "list_types"
PATIENCE_S = 60.0


class City:
    """A realm with one department, an app in its sandbox, and an officer.

    environments: service → variables of its processes.
    """

    def __init__(
        self, world: World, folder: Path, environments: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.world, self.port = world, free_port()
        self._environments = environments or {}
        keys = folder / "keys"
        self.login = AccessTokenSigner(
            KeyFolder(keys, makes=True).signing_key("sandbox"), issuer="sandbox", realm="sandbox")
        self.settings = self._settings(world.configure("city"), keys)
        self.replicas = self._start()
        self.operator = world.client(caller="operator", tenant=REALM)
        self._fill()

    def _settings(self, path: Path, keys: Path) -> Path:
        settings = json.loads(path.read_text())
        settings["security"]["keys_folder"] = str(keys)
        settings["http"] = {"host": "127.0.0.1", "port": self.port}
        settings["services"]["gateway"] = {"apps": [{
            "name": "app-configured", "tenant": REALM, "keys_sha256": ["0" * 64], "methods": ["*"]}]}
        path.write_text(json.dumps(settings))
        return path

    def _start(self) -> list[Worker]:
        def start(name: str) -> Worker:
            return self.world.workers.start(
                name, wait=False, configuration=self.settings, tree=ROOT,
                **self._environments.get(name, {}))

        identity, *replicas = [start(name) for name in ("identity", SERVICE, SERVICE)]
        start("gateway")
        self.world.workers.wait_started(identity, *replicas)
        return replicas

    def _fill(self) -> None:
        transactions = IdentityTransactions(load_configuration(self.settings, environ={}), REALM)
        with transactions.begin() as tx:
            realm = create_realm(tx, CreateRealm(REALM, "示范市", "数据局"), transactions.context)
        transactions.close()
        assert realm.department_id is not None
        view = self.ask("get_department", department_id=realm.department_id)["department"]
        self.department, self.department_id = view["sandbox_tenant"], realm.department_id
        self.register(APP)
        self.officer = self.ask("register_person", name="林静", id_number=complete_resident_id("33010619900101001"))[
            "subject_id"]
        self.membership = self.ask(
            "add_membership", department_id=self.department_id, subject_id=self.officer, roles=["handler"])[
            "membership_id"]

    def ask(self, method: str, **data: Any) -> dict[str, Any]:
        """Call identity as an operator."""
        found: dict[str, Any] = self.operator.call("identity", method, data, timeout_s=15)
        return found

    def register(self, app: str) -> None:
        issued = self.ask("register_app", app=app, title="大厅", department_id=self.department_id)
        self.key, self.key_id = issued["key"], issued["key_id"]

    def citizen_token(self, app: str = APP) -> str:
        return self._token(citizen("sub_citizen"), app)

    def officer_token(self) -> str:
        return self._token(officer(self.officer, self.department, "handler"), APP)

    def _token(self, acting: Acting, app: str) -> str:
        return self.login.sign(acting, app=f"{app}-sandbox", at=datetime.now(UTC))

    def on_the_bus(self, token: str | None, app: str = APP) -> str:
        """The outcome of a call of the app over AMQP: ok, or the error's code."""
        context = {} if token is None else {"token": token}
        with BusClient(self.world.broker_url, caller=f"{app}-sandbox", tenant=self.department) as client:
            try:
                client.with_context(None, **context).elicence.list_types()
            except AppError as error:
                return error.code
        return "ok"

    def over_http(self, token: str | None = None) -> str:
        """The same over HTTP, with the newest key."""
        shown = {"Authorization": f"Bearer {self.key}"} if token is None else {
            "Authorization": f"Bearer {token}", "Zhongtai-App-Key": self.key}
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{self.port}/v1/{SERVICE}/{METHOD.replace('_', '-')}", headers=shown, json={},
                timeout=15)
        except httpx.TransportError:
            return "no connection"
        return "ok" if answer.status_code == 200 else str(answer.json().get("code"))

    def until(self, wanted: str, ask: Any, *arguments: Any) -> None:
        """Wait until something has started, or a lease is there."""
        ends = time.monotonic() + PATIENCE_S
        while (found := ask(*arguments)) != wanted:
            assert time.monotonic() < ends, f"'{found}', not '{wanted}', after {PATIENCE_S:g} s"
            time.sleep(0.1)
