"""Transactions of a service: what its use cases read and write through.

A service subclasses TransactionProvider in its providers.py and says in `make` what its use cases need.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from nameko.extensions import DependencyProvider

from shared_components.bus.server.event_recorder import EventRecorder, TransactionScope
from shared_components.bus.server.housekeeping import Housekeeping
from shared_components.bus.server.outbox_relay import OutboxRelay
from shared_components.bus.server.process_copies import ProcessCopies
from shared_components.bus.server.refusal_records import RefusalMinutes, write_refusals
from shared_components.bus.server.step_hook import NO_HOOK, StepHook, step_hook
from shared_components.contracts.registry import MethodContract, ServiceContract, service_contract
from shared_components.db import ALL_TENANTS, Database, outbox
from shared_components.kernel.calls import Call
from shared_components.kernel.clock import Clock, SystemClock
from shared_components.security import Secrets
from shared_components.security.authority import Reach

if TYPE_CHECKING:
    from shared_components.bus.client.blocking import BusClient

SettingsLoader = Callable[[str, Any, Mapping[str, Any]], Mapping[str, Any]]


def load_settings(service: str, schema: Any, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A service's own settings by its schema. The command line has a loader with better messages (SettingsLoader)."""
    own = {key: value for key, value in given.items() if key != "bus"}
    if schema is None:
        return own
    loaded: Mapping[str, Any] = schema().load(own)
    return loaded


class Transactions:
    """Opens transactions. `begin` is a short one: no network call inside it."""

    def __init__(self, provider: TransactionProvider) -> None:
        self.provider = provider

    @property
    def clock(self) -> Clock:
        return self.provider.clock

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.provider.settings

    @property
    def client(self) -> BusClient:
        """Calls to other services, in this service's name."""
        return self.provider.client

    def decide_again(self, scope: TransactionScope, contract: MethodContract, call: Call) -> None:
        """Decide whether a kept reply may be given again: rights may have ended since the operation was done.

        Raises an AppError, which the caller then gets instead of the reply. This is where authority's decision belongs.
        """

    def refresh_copies(self) -> None:
        """Bring the process's copies of feeds up to date, before calls of persons are decided. Raises FeedStale."""
        copies = self.provider.copies
        if copies is not None:
            copies.catch_up(self.provider.database)

    @contextmanager
    def begin(self, tenant: str | None = None) -> Iterator[Any]:
        """A transaction whose effects and events are committed together at the end of the block.

        tenant: whose rows it sees; None for the platform's own work over all of them.
        """
        with self.scope(ALL_TENANTS if tenant is None else [tenant]) as scope:
            yield self.provider.make(scope)

    @contextmanager
    def begin_for(self, tenants: Collection[str]) -> Iterator[Any]:
        """A transaction over the rows of these tenants, as `begin`."""
        with self.scope(tenants) as scope:
            yield self.provider.make(scope)

    @contextmanager
    def scope(self, tenants: Collection[str] | Reach) -> Iterator[TransactionScope]:
        """A raw transaction scope; its events are published after the commit, and what it revokes is in force then."""
        provider = self.provider
        recorder = EventRecorder(provider.contract, provider.clock)
        with provider.database.transaction(tenants) as session:
            scope = TransactionScope(session, recorder, provider.clock, provider.settings, provider.secrets)
            yield scope
            outbox.add(session, recorder.rows)
            scope.feed.write(session)
            provider.step_hook.reach("before-commit")
        provider.step_hook.reach("after-commit")
        if recorder.rows:
            provider.relay.committed(recorder.rows)
        for begin in scope.after_commit:
            begin()
        scope.feed.wait(provider.database)

    @contextmanager
    def reading(self, tenants: Collection[str] | Reach) -> Iterator[TransactionScope]:
        """A scope for queries: nothing is written and no event is recorded."""
        provider = self.provider
        with provider.database.reading(tenants) as session:
            recorder = EventRecorder(provider.contract, provider.clock)
            yield TransactionScope(session, recorder, provider.clock, provider.settings, provider.secrets)


def service_settings(container: Any, schema: Any) -> Mapping[str, Any]:
    """The section `services.<name>` of the configuration as the schema loads it, for a dependency provider's setup."""
    load: SettingsLoader = container.config.get("zhongtai.load_settings", load_settings)
    service = container.service_name
    return load(service, schema, container.config["zhongtai"].get("services", {}).get(service, {}))


class TransactionProvider(DependencyProvider):  # type: ignore[misc]
    """Composition root of a service: subclass it, and build in `make` what the use cases are given."""

    relay = OutboxRelay()
    housekeeping = Housekeeping()
    settings_schema: Any = None
    step_hook: StepHook = NO_HOOK
    # How long a repeated call finds its reply. A service whose effects are money sets None: its keys are kept for ever.
    keep_operations: timedelta | None = timedelta(days=30)
    # What authority decides by; None: the service keeps no copy of a feed.
    copies: ProcessCopies | None = None

    database: Database
    secrets: Secrets
    clock: Clock
    settings: Mapping[str, Any]
    contract: ServiceContract
    refusals: RefusalMinutes

    def setup(self) -> None:
        configuration = self.container.config["zhongtai"]
        self.step_hook = step_hook(self.container.config)
        self.contract = service_contract(self.container.service_cls)
        self.clock = SystemClock()
        self.settings = service_settings(self.container, self.settings_schema)
        self.secrets = Secrets.from_configuration(configuration["security"], configuration["environment"])
        self.database = Database.from_configuration(configuration["database"], self.container.service_name)
        follows = getattr(self.container.service_cls, "follows", ())
        if follows:
            self.copies = ProcessCopies([followed.feed for followed in follows])
        self.relay.database = self.housekeeping.database = self.database
        self.housekeeping.keep_operations = self.keep_operations
        self.refusals = RefusalMinutes()
        self.housekeeping.each_minute = self._write_refusals
        self._client: BusClient | None = None
        self._transactions = Transactions(self)

    def make(self, scope: TransactionScope) -> Any:
        """Build what the use cases are given, bound to this transaction."""
        raise NotImplementedError(f"{type(self).__name__} must say in make() what its use cases are given")

    @property
    def client(self) -> BusClient:
        if self._client is None:
            from shared_components.bus.server.metered_client import MeteredClient

            self._client = MeteredClient.from_configuration(
                self.container.config["zhongtai"], caller=self.container.service_name)
        return self._client

    def get_dependency(self, worker_ctx: Any) -> Transactions:
        return self._transactions

    def _write_refusals(self, now: float | None = None) -> None:
        """Write how many refusals the minutes had that are over. now: monotonic seconds; None is now."""
        write_refusals(self._transactions, self.refusals.ended(monotonic() if now is None else now))

    def stop(self) -> None:
        self.housekeeping.finish()
        self._write_refusals(inf)
        self.relay.finish()
        if self._client is not None:
            self._client.close()
        self.database.dispose()

    def kill(self) -> None:
        if self._client is not None:
            self._client.close()

