"""Transactions of a service without the bus, for its commands: the same database, the same use cases.

Events go to the outbox with their effect; the running service's sweeper publishes them within seconds.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from shared_components.bus.server.event_recorder import EventRecorder, TransactionScope
from shared_components.cli.errors import WrongUse
from shared_components.configuration.loading import load_service_settings
from shared_components.contracts import EventContract, ServiceContract
from shared_components.db import Database, outbox, pending
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.clock import SystemClock
from shared_components.security import Secrets


class DirectTransactions:
    """Opens scopes on a service's own database.

    events: what the service emits; to read them off the service's class would load the bus.
    Raises WrongUse while a migration is waiting.
    """

    def __init__(
        self, configuration: Mapping[str, Any], service: str, settings_schema: type[Schema],
        events: Sequence[EventContract],
    ) -> None:
        if pending(configuration["database"]["url"], service):
            raise WrongUse(Bilingual(
                f"database of {service} is not at its newest version; run 'zhongtai migrate {service}' first",
                f"{service} 的数据库不是最新版本；请先运行“zhongtai migrate {service}”"))
        self.clock = SystemClock()
        self.settings = load_service_settings(
            service, settings_schema, configuration["services"].get(service, {}),
            environment=configuration["environment"])
        self.database = Database.from_configuration(configuration["database"], service)
        self._secrets = Secrets.from_configuration(configuration["security"], configuration["environment"])
        self._contract = ServiceContract(service, version="", events=tuple(events))

    @contextmanager
    def scope(self, tenants: Collection[str]) -> Iterator[TransactionScope]:
        """A transaction; its events are in the outbox with its effect. What it revokes is in force when it ends."""
        with self.database.transaction(tenants) as session:
            scope = self._scope(session)
            yield scope
            outbox.add(session, scope.events.rows)
            scope.feed.write(session)
        scope.feed.wait(self.database)

    @contextmanager
    def reading(self, tenants: Collection[str]) -> Iterator[TransactionScope]:
        """For queries: it waits for no writer."""
        with self.database.reading(tenants) as session:
            yield self._scope(session)

    def _scope(self, session: Session) -> TransactionScope:
        events = EventRecorder(self._contract, self.clock)
        return TransactionScope(session, events, self.clock, self.settings, self._secrets)

    def close(self) -> None:
        self.database.dispose()
