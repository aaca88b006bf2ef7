"""S25: an app's broker user tries everything that AMQP has, through the AMQP proxy and at the broker itself."""
from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

import orjson

from shared_components.bus import BusClient
from shared_components.bus.amqp import names
from shared_components.bus.deployment.rights import APP, STOCK_APP
from shared_components.kernel.errors import AppError
from tests.faults import payments
from tests.faults.amqp_attempts import Attempt, attempts, own_queue, refused
from tests.faults.asking import RawUser
from tests.faults.deployed import deploy_app, deploy_shipped, start_services, wait_leased
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.integration.edge_harness import EdgeProcess

ID, TITLE = "S25", "an app's broker user tries everything that AMQP has"
TARGET = "nothing beyond its methods; nothing of others seen, stopped or deleted"
OPERATIONS, UNIT = 1, "rounds"
VICTIM, SEEN = "app-victim", "被看见的人"
CHANGED_PRICE = 1
TOPOLOGY = {"exchanges": ("name", "type", "durable", "auto_delete", "arguments", "policy"),
            "queues": ("name", "durable", "auto_delete", "arguments", "policy"),
            "bindings": ("source_name", "destination_name", "destination_kind", "routing_key")}  # fmt: skip


def run(lab: Lab, report: Report) -> None:
    try_all(lab, report, (APP, STOCK_APP))
    _proof(lab, report)


def try_all(lab: Lab, report: Report, apps: Sequence[str], *, looks: bool = True) -> None:
    """looks: whether harm is looked for after each attempt; else after each kind of them."""
    report.faults = "attempts of apps: dead letters, CC, BCC, declare, bind, delete, purge, consume, tx, floods"
    with _Stage(lab, report.id) as stage:
        for app in apps:
            url = stage.urls[app]
            _try(stage, f"{app} through the proxy", stage.edge.url_of(url), report, proxied=True, looks=looks)
            _try(stage, f"{app} at the broker", url, report, proxied=False, looks=looks)


def _proof(lab: Lab, report: Report) -> None:
    """As it was: who may publish a key is believed, and a stock app may declare the exchange of calls."""
    with _Stage(lab.blind_to("callers"), f"{report.id}-callers") as stage:
        smuggled = [one for one in attempts("") if one.kind == "smuggle a call" and "user_id" not in one.what]
        seen = [one.what for one in smuggled if stage.harm(stage.urls[STOCK_APP], one)]
    report.add_blind("keys are believed", {"attempts": len(smuggled), "harm": len(seen)}, len(seen))
    with _Stage(lab, f"{report.id}-rights") as stage:
        stage.allow_configuring()
        deleting = next(one for one in attempts("") if one.what == "delete the exchange of calls")
        seen = stage.harm(stage.urls[STOCK_APP], deleting) + stage.changes()
    report.add_blind("a stock app may declare the exchange", {"attempts": 1, "harm": len(seen)}, len(seen))


def _try(stage: _Stage, case: str, url: str, report: Report, *, proxied: bool, looks: bool) -> None:
    for kind, of_kind in groupby(attempts(stage.victims_queue), key=attrgetter("kind")):
        counts, wrong = {"attempts": 0, "refused": 0}, []
        for attempt in of_kind:
            counts["attempts"] += 1
            was_refused = refused(url, attempt, stage.forbidden_call)
            counts["refused"] += was_refused
            if proxied and attempt.refused and not was_refused:
                wrong.append(f"{attempt.what} was let through by the proxy")
            wrong += stage.harms(attempt) if looks else []
        report.add(f"{case}: {kind}", counts, wrong + stage.harms(attempt))
    report.add(f"{case}: what is shared", {}, stage.changes())


class _Stage:
    """Payment under its own user, an app whose calls are watched, and what must stay as it is."""

    def __init__(self, lab: Lab, name: str) -> None:
        self._lab = lab
        self._world = lab.world(name, "identity", "payment")

    def __enter__(self) -> Self:
        world = self._world
        self.urls = deploy_shipped(self._lab, world)
        self.urls[VICTIM] = deploy_app(self._lab, world, VICTIM, like=STOCK_APP)
        tenants = dict.fromkeys((APP, STOCK_APP, VICTIM), "default")
        # As deployed: payment has a copy of the directory, or it would refuse each call with a person as stale.
        start_services(world, self.urls, names=["identity", "payment"], app_tenants=tenants)
        wait_leased(world, "payment")
        payments.prepare(world.client(self.urls["operator"]))
        self.edge = world.keep(EdgeProcess(world.folder, world.broker_url))
        self._victim = world.client(self.edge.url_of(self.urls[VICTIM]), timeout_s=5)
        self._listener = RawUser(self.edge.url_of(self.urls[VICTIM]))
        self.victims_queue, _ = own_queue(self._listener)
        self.forbidden_call = orjson.dumps({"args": [], "kwargs": {**payments.FEE_ITEM, "price_minor": CHANGED_PRICE}})
        self._topology = self._read_topology()
        return self

    def __exit__(self, *error: Any) -> None:
        self._listener.close()
        self._world.__exit__(*error)

    def harm(self, url: str, attempt: Attempt) -> list[str]:
        refused(url, attempt, self.forbidden_call)
        return self.harms(attempt)

    def harms(self, attempt: Attempt) -> list[str]:
        """Whether the forbidden call was made, or the other app's call was not answered."""
        found = []
        try:
            price = _price(self._victim)
            if price != payments.FEE_ITEM["price_minor"]:
                found.append(f"{attempt.what}: the call was made")
            self._victim.payment.create_order(payer_name=SEEN, op_id=str(uuid.uuid4()), lines=[
                {"item_code": payments.FEE_ITEM["item_code"], "quantity": 1}])  # fmt: skip
        except AppError as error:
            found.append(f"{attempt.what}: another app's call ended with {error.code}")
        if self._listener.channel.queue_declare(self.victims_queue, passive=True).consumer_count:
            found.append(f"{attempt.what}: another app's replies are read")
        return found

    def changes(self) -> list[str]:
        """List exchanges, queues and bindings that have changed."""
        now = self._read_topology()
        return [f"{part}: {sorted(self._topology[part] ^ now[part])[:5]}"
                for part in TOPOLOGY if self._topology[part] != now[part]]  # fmt: skip

    def _read_topology(self) -> Mapping[str, set[str]]:
        """Without reply queues: they are each app's own."""
        found = {}
        for part, columns in TOPOLOGY.items():
            listed = self._lab.rabbitmq.ctl("list_" + part, "-p", self._world.vhost, *columns, "--formatter", "json")
            rows = [json.dumps(row, sort_keys=True) for row in json.loads(listed)]
            found[part] = {row for row in rows if "rpc.reply-" not in row}
        return found

    def allow_configuring(self) -> None:
        """The rights that a stock app had, before the proxy made its declaration a question."""
        self._lab.rabbitmq.ctl("set_permissions", "-p", self._world.vhost, STOCK_APP, *3 * [
            rf"^({names.RPC_EXCHANGE}|rpc\.reply-.*)$"])  # fmt: skip


def _price(client: BusClient) -> int:
    item, = client.payment.list_fee_items(item_code=payments.FEE_ITEM["item_code"])["items"]
    return int(item["price_minor"])
