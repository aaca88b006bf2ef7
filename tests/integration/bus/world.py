"""One bus with services on it, as the tests see it; the same for RabbitMQ and for `inproc://`."""
from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from shared_components.bus import BusClient
from shared_components.db import ALL_TENANTS, Database, migrate
from tests.integration.bus_harness import Effects, RawBroker, wait_until

PACKAGE = "tests.integration.bus.echo"
RETRY_DELAYS_S = [0.2, 0.3]
ALL = ("echo", "slow", "relay", "listener", "ordered")


@dataclass
class World:
    """broker: a raw AMQP client; log: what the services have logged until now."""

    broker: RawBroker
    client: BusClient
    effects: Effects
    database_url: str
    log: Callable[[], str]

    @staticmethod
    def key(text: str = "key") -> str:
        return f"{text}-{secrets.token_hex(4)}"

    def committed(self, service: str, key: str) -> int:
        return committed(self.database_url, service, key)

    def wait_committed(self, service: str, key: str) -> None:
        wait_until(lambda: self.committed(service, key) > 0, f"{service} commits {key}")

    def echoes(self) -> bool:
        """Whether the service still answers."""
        return bool(self.client.echo.echo(value="alive", timeout_s=5) == {"value": "alive"})


def committed(database_url: str, service: str, key: str) -> int:
    """How many effects of a key the service's database holds."""
    database = Database(database_url, service, pool_size=1)
    try:
        with database.reading(ALL_TENANTS) as session:
            rows = session.execute(text("SELECT count(*) FROM effects WHERE key = :key"), {"key": key})
            return int(rows.scalar_one())
    finally:
        database.dispose()


def prepare(
    folder: Path, broker_url: str, database_url: str, services: Iterable[str] = ALL, *,
    bus: Mapping[str, Any] | None = None,
) -> Path:  # fmt: skip
    """Migrate the services' databases and write their configuration (JSON is YAML); gives its path."""
    for service in services:
        migrate(database_url, service, package=PACKAGE)
    path = folder / "zhongtai.yaml"
    path.write_text(json.dumps({
        "broker": {"url": broker_url, "heartbeat_s": 10},
        "database": {"url": database_url, "pool_size": 5},
        "log": {"level": "info", "format": "json"},
        "bus": {"event_retry_delays_s": RETRY_DELAYS_S, "drain_s": 10, **(bus or {})},
        "services": {"slow": {"bus": {"workers": 1}}},
    }))  # fmt: skip
    return path
