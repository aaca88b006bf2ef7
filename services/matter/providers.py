"""Composition root of matter."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.matter.cases.adapters.asking import engine_of
from services.matter.cases.adapters.step_runner import NoRunner, StepRunner
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.recording import RetryPolicy
from services.matter.definitions.adapters.definitions import DefinitionCache
from services.matter.kinds.components import Components
from services.matter.kinds.registry import KINDS
from services.matter.schemas import MatterSettings
from services.matter.steps.adapters.authorities import SandboxCouriers, SandboxRegisters
from services.matter.steps.adapters.callbacks import CallbackKey, HmacCallbacks
from services.matter.steps.adapters.components import bus_components
from services.matter.steps.adapters.http_registers import ConnectedRegisters, RegisterAddress
from services.matter.transaction import SqlMatterTransaction
from shared_components.bus import TransactionProvider, TransactionScope
from shared_components.configuration.calendars import platform_calendar
from shared_components.kernel.return_addresses import ReturnAddresses
from shared_components.material_store import store_of
from shared_components.seals import HttpSealService, SealAddress


class MatterProvider(TransactionProvider):
    """Keeps what outlives a transaction: definitions read before, keys of callbacks, the engine, its authorities."""

    settings_schema = MatterSettings
    kinds = KINDS

    def setup(self) -> None:
        super().setup()
        settings, configuration = self.settings, self.container.config["zhongtai"]
        self.engine = EngineSettings(
            rules=KINDS.rules,
            calendar=platform_calendar(configuration, settings, settings["calendar_years"]),
            calendars={
                one["name"]: platform_calendar(configuration, one, one["years"]) for one in settings["calendars"]},
            retry=RetryPolicy(settings["stuck_after_attempts"]),
            lease_s=settings["step_lease_s"],
            payment_poll_s=settings["payment_poll_s"],
            return_addresses=ReturnAddresses(settings["return_addresses"] or {}),
        )
        keys = settings["callback_keys"]
        self.verify_callback = HmacCallbacks({
            key["key_id"]: CallbackKey(key["source"], key["secret"].encode(), _tenants(key["tenants"])) for key in keys
        })
        self.registers = ConnectedRegisters(
            [_register(one) for one in settings["registers"]], SandboxRegisters(settings["unpaid_violations"]))
        self.couriers = SandboxCouriers()
        self.seals = None if settings["seal"] is None else HttpSealService(_seal(settings["seal"]))
        self.definition_cache = DefinitionCache()
        bus = self.container.config["zhongtai"]["bus"]
        self.drain_s = bus["drain_s"]
        # Where calls have processes of their own, no step takes their time.
        self.runner = NoRunner() if bus["serves"] == "calls" else StepRunner(
            lambda: engine_of(self.get_dependency(None)))
        self.material_store = store_of(self.container.config["zhongtai"])
        # Who was bootstrapped by this process; see MatterService.bootstrap_at_start.
        self.bootstrapped: set[str] = set()

    def make(self, scope: TransactionScope) -> SqlMatterTransaction:
        return SqlMatterTransaction(scope, self.engine, self.definition_cache, self.verify_callback, self.runner)

    def stop(self) -> None:
        self.runner.finish(self.drain_s)
        super().stop()

    def components_for(self, tenant: str) -> Components:
        """The engine works without the person: it states whose department is meant, and nobody's session."""
        client = self.client.with_context(None, tenant=tenant)
        return bus_components(client, registers=self.registers.of(tenant), couriers=self.couriers)


def _register(section: Mapping[str, Any]) -> RegisterAddress:
    return RegisterAddress(
        section["name"], section["url"], section["key_id"], section["secret"].encode(), section["timeout_s"],
        _tenants(section["tenants"]))


def _seal(section: Mapping[str, Any]) -> SealAddress:
    return SealAddress(section["url"], section["key_id"], section["secret"].encode(), section["timeout_s"])


def _tenants(given: Sequence[str] | None) -> frozenset[str] | None:
    return frozenset(given) if given is not None else None
