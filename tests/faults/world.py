"""One experiment's world: a vhost and a database of its own on the laboratory's servers, workers and clients."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text

from shared_components.bus import BusClient
from shared_components.bus.deployment.inspection import BrokerView, DeadLetter
from shared_components.db import ALL_TENANTS, Database, migrate
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from tests.faults.workers import OWN_SERVICES, Workers

PACKAGE = "tests.faults.services"
RETRY_DELAYS_S = [0.2, 0.3, 0.5]
MERCHANT, SECRET = "merchant-faults", "a-secret-for-experiments"


class World:
    """services: whose schemas are made. broker_url, database_url: what workers and clients use."""

    def __init__(
        self, rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgreSQL, folder: Path, *services: str,
        bus: Mapping[str, Any] | None = None, broker: Mapping[str, Any] | None = None, **environment: str,
    ) -> None:
        self.rabbitmq, self.postgres, self.folder = rabbitmq, postgres, folder
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*"):
            if old.is_file():
                old.unlink()
        name = unique_name("faults")
        self.broker_url, self.database_url = rabbitmq.add_vhosts([name])[0], postgres.create_database(name)
        self.vhost = self.database_name = name
        for service in services:
            migrate(self.database_url, service, package=PACKAGE if service in OWN_SERVICES else None)
        self.notes_path = folder / "notes"
        self.notes_path.touch()
        self._stack = ExitStack()
        self._databases: dict[str, Database] = {}
        self.workers = Workers(
            folder, self.configure("zhongtai", bus=bus, broker=broker),
            {"FAULTS_NOTES": str(self.notes_path), **environment})

    def configure(
        self, name: str, *, bus: Mapping[str, Any] | None = None, broker: Mapping[str, Any] | None = None,
        database: Mapping[str, Any] | None = None, services: Mapping[str, Any] | None = None,
        security: Mapping[str, Any] | None = None,
    ) -> Path:
        """Write a configuration (JSON is YAML); gives its path."""
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps({
            "broker": {"url": self.broker_url, **(broker or {})},
            "database": {"url": self.database_url, **(database or {})},
            "log": {"level": "info", "format": "json"},
            "security": {"master_key_file": str(self.folder / "master.key"), **(security or {})},
            "bus": {"event_retry_delays_s": RETRY_DELAYS_S, "drain_s": 10, **(bus or {})},
            "services": {"payment": {"sandbox": {
                "base_url": "http://127.0.0.1:9", "merchant_id": MERCHANT, "secret": SECRET,
                "notify_url": "http://127.0.0.1:9/callbacks/payment/sandbox"}}, **(services or {})},
        }))  # fmt: skip
        return path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self.workers.end()
        for database in self._databases.values():
            database.dispose()
        if self.postgres.running:
            self.postgres.drop_database(self.database_name)

    def keep(self, resource: Any) -> Any:
        """A context manager that ends with this world."""
        return self._stack.enter_context(resource)

    def client(self, url: str = "", **options: Any) -> BusClient:
        return BusClient(url or self.broker_url, **options) if options.pop("own", False) else self.keep(
            BusClient(url or self.broker_url, **options))  # fmt: skip

    def view(self) -> BrokerView:
        return BrokerView(self.broker_url)

    # looking at what was done

    def rows(self, service: str, query: str, **parameters: Any) -> list[Any]:
        database = self._databases.get(service)
        if database is None:
            database = self._databases[service] = Database(self.database_url, service, pool_size=2)
        with database.reading(ALL_TENANTS) as session:
            return list(session.execute(text(query), parameters))

    def effects(self, service: str, column: str = "key", table: str = "effects") -> Counter[str]:
        """key → how many effects it has had."""
        found = self.rows(service, f"SELECT {column}, count(*) FROM {table} GROUP BY {column}")  # noqa: S608
        return Counter({str(key): count for key, count in found})

    def count(self, service: str, table: str) -> int:
        return int(self.rows(service, f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def depth(self, queue: str) -> int:
        with self.view() as view:
            state = view.queue(queue)
        return state.messages if state is not None else 0

    def dead(self, service: str) -> list[DeadLetter]:
        with self.view() as view:
            return view.dead_letters(service, 1000)

    def notes(self) -> list[list[str]]:
        return [line.split() for line in self.notes_path.read_text().splitlines()]
