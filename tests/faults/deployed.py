"""The broker as it is deployed, in an experiment's own vhost: shipped users, permissions, policies and topology."""
from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from shared_components.bus.deployment.definitions import definitions, with_passwords
from shared_components.bus.deployment.rights import APP, STOCK_APP
from shared_components.contracts.export import export_contract
from shared_components.contracts.registry import service_contract
from tests.faults.lab import Lab
from tests.faults.services.auditor import Auditor
from tests.faults.services.till import Till
from tests.faults.workers import ROOT
from tests.faults.world import World

SHIPPED = ROOT / "deploy" / "rabbitmq" / "definitions.json"
# As deploy/zhongtai.yaml has it.
APP_TENANTS = {APP: "demo", STOCK_APP: "demo"}
PATIENCE_S = 20.0
SERVICES = ("identity", "elicence", "payment", "notification", "matter")


def deploy_shipped(lab: Lab, world: World) -> dict[str, str]:
    """deploy/rabbitmq/definitions.json; gives each user's URL."""
    return deploy(lab, world, json.loads(SHIPPED.read_text("utf-8")))


def deploy_own(lab: Lab, world: World) -> dict[str, str]:
    """Deploy the laboratory's own services as they would be shipped."""
    contracts = {service.name: export_contract(service_contract(service)) for service in (Till, Auditor)}
    return deploy(lab, world, definitions(contracts))


def contracts() -> dict[str, dict[str, Any]]:
    """service → its contract.json, of those on the bus."""
    return {name: json.loads((ROOT / "services" / name / "contract.json").read_text("utf-8")) for name in SERVICES}


def deploy_app(lab: Lab, world: World, user: str, *, like: str) -> str:
    """One more app, with the rights of a shipped one, as the guide for operations staff tells; gives its URL."""
    content = json.loads(SHIPPED.read_text("utf-8"))
    parts = {part: [one for one in content[part] if like in (one.get("user"), one.get("name"))]
             for part in ("users", "permissions", "topic_permissions")}  # fmt: skip
    return deploy(lab, world, json.loads(json.dumps(parts).replace(like, user)))[user]


def start_services(
    world: World, urls: Mapping[str, str], *, names: Sequence[str] = SERVICES,
    security: Mapping[str, Any] | None = None, **bus: Any,
) -> None:
    """Each service in a process of its own, under its own user, believing nobody's word but the broker's.

    security: keys of the section beside the master key.
    """
    started = []
    for name in names:
        believed = {"caller_authentication": "broker", "app_tenants": APP_TENANTS, **bus}
        configuration = world.configure(name, broker={"url": urls[name]}, bus=believed, security=security)
        started.append(world.workers.start(name, wait=False, configuration=configuration))
    world.workers.wait_started(*started)


def wait_leased(world: World, *services: str) -> None:
    """Wait until services have a copy of the directory with a lease: before, calls of persons are refused."""
    ends = time.monotonic() + PATIENCE_S
    for service in services:
        while not world.rows(service, "SELECT 1 FROM feed_positions WHERE fresh_until > now()"):
            assert time.monotonic() < ends, f"{service} has no lease after {PATIENCE_S:g} s"
            time.sleep(0.1)


def deploy(
    lab: Lab, world: World, content: Mapping[str, Any], passwords: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Load definitions into the experiment's vhost; gives each user's URL.

    passwords: user → password, also of users that are not among these; None: new ones.
    """
    known = new_passwords(content)
    passwords = {user: word for user, word in (passwords or known).items() if user in known}
    here = {
        part: [{**one, "vhost": world.vhost} if "vhost" in one else one for one in entries]
        for part, entries in with_passwords(content, passwords).items() if part != "vhosts"
    }  # fmt: skip
    lab.rabbitmq.import_definitions(here)
    return {user: lab.rabbitmq.url_for(user, password, world.vhost) for user, password in passwords.items()}


def new_passwords(content: Mapping[str, Any]) -> dict[str, str]:
    return {user["name"]: secrets.token_hex(16) for user in content["users"]}
