"""A platform whose processes are of two versions: one RabbitMQ with the shipped definitions, one PostgreSQL."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import yaml

from shared_components.bus import BusClient
from shared_components.devstack.processes import free_port
from shared_components.devstack.sandbox import HOSPITAL_KEY_ID, put_seed, start_pay_channel
from tests.faults.deployed import SERVICES, SHIPPED, deploy, new_passwords
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.old_version import unpack
from tests.faults.old_version.clients import HttpClient, OldClient, StockClient
from tests.faults.workers import ROOT, Worker
from tests.faults.world import MERCHANT, SECRET, World

TENANT, GATEWAY = "default", "gateway"
HOSPITAL_KEY = "a-key-of-the-hospital"
READY_S, STOP_S, MIGRATE_S = 120.0, 60.0, 120.0


@dataclass
class Version:
    """tree: the folder of its code. port: of its gateway."""

    name: str
    tree: Path
    configuration: Path
    port: int
    worker: Worker | None = None
    exit_codes: list[int | None] = field(default_factory=list)


@dataclass
class Upgrade:
    """old, new: processes with all services and a gateway each. operator, gateway: clients of the new version."""

    lab: Lab
    world: World
    passwords: Mapping[str, str]
    old: Version
    new: Version
    operator: BusClient
    gateway: BusClient
    old_gateway: OldClient
    stock: StockClient
    http: HttpClient

    def migrate(self, version: Version) -> None:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c", str(version.configuration),
             "migrate"], cwd=version.tree, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            timeout=MIGRATE_S)
        if done.returncode:
            raise RuntimeError(f"migrate of the {version.name} version failed: {done.stderr[-1000:]}")

    def load_definitions(self) -> None:
        """Those of the new version, as the guide says."""
        deploy(self.lab, self.world, json.loads(SHIPPED.read_text("utf-8")), self.passwords)

    def join(self, version: Version) -> None:
        """Start its processes; the load balancer takes its gateway."""
        names = (*SERVICES, GATEWAY)
        worker = self.world.workers.start(
            *names, wait=False, configuration=version.configuration, tree=version.tree)
        version.worker = worker
        if not wait_for(lambda: not worker.running or _is_ready(version.port), READY_S) or not worker.running:
            raise RuntimeError(f"the {version.name} version did not start:\n{worker.text()[-3000:]}")
        self.http.ports.append(version.port)

    def leave(self, version: Version) -> None:
        """The load balancer lets its gateway go, then SIGTERM."""
        assert version.worker is not None
        self.http.ports.remove(version.port)
        version.worker.terminate()
        version.exit_codes.append(version.worker.wait(STOP_S))
        version.worker = None


@contextmanager
def upgrade(lab: Lab, name: str) -> Iterator[Upgrade]:
    """The old version serves, with its schema, its definitions and the seed of the demo. Raises NoOldVersion."""
    with TemporaryDirectory() as folder, lab.world(name) as world, ExitStack() as stack:
        tree = unpack(Path(folder))
        shipped = json.loads((tree / "deploy" / "rabbitmq" / "definitions.json").read_text("utf-8"))
        passwords = new_passwords(json.loads(SHIPPED.read_text("utf-8"))) | new_passwords(shipped)
        urls = deploy(lab, world, shipped, passwords)
        channel = start_pay_channel(stack, SECRET, "--merchant-id", MERCHANT)
        old = _version(world, "old", tree, passwords, channel)
        new = _version(world, "new", ROOT, passwords, channel)
        made = Upgrade(
            lab, world, passwords, old, new,
            operator=world.client(urls["operator"], caller="operator", tenant=TENANT),
            gateway=world.client(urls[GATEWAY], caller=GATEWAY, tenant=TENANT),
            old_gateway=stack.enter_context(OldClient(tree, urls[GATEWAY], caller=GATEWAY, tenant=TENANT)),
            stock=stack.enter_context(StockClient(urls["app-nameko"])), http=stack.enter_context(HttpClient([])),
        )  # fmt: skip
        made.migrate(old)
        made.join(old)
        put_seed(made.operator)
        yield made


def _version(
    world: World, name: str, tree: Path, passwords: Mapping[str, str], channel: Mapping[str, Any],
) -> Version:
    file, port = world.folder / "passwords.yaml", free_port()
    file.write_text(yaml.safe_dump(dict(passwords)))
    public_url = f"http://127.0.0.1:{port}"
    path = world.configure(
        name, broker={"passwords_file": str(file)},
        bus={"caller_authentication": "broker", "app_tenants": {"app-demo": TENANT, "app-nameko": TENANT},
             "default_tenant": TENANT},
        services={
            "payment": {"sandbox": {
                "base_url": channel["base_url"], "merchant_id": MERCHANT, "secret": SECRET,
                "notify_url": f"{public_url}/callbacks/payment/sandbox"}},
            "matter": {"callback_keys": [
                {"key_id": HOSPITAL_KEY_ID, "source": "hospital", "secret": HOSPITAL_KEY}]},
            "notification": {"smtp_host": "127.0.0.1", "smtp_port": 9},
        })  # fmt: skip
    settings = json.loads(path.read_text())
    settings["http"] = {"host": "127.0.0.1", "port": port, "public_url": public_url}
    if name == "new":
        settings["security"]["keys_folder"] = str(world.folder / "keys")
    path.write_text(json.dumps(settings))
    return Version(name, tree, path, port)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ready", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
