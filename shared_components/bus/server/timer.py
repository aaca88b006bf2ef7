"""Runs `@every` handlers: one run at a time in the whole cluster, by a lease in the service's database."""
from __future__ import annotations

import logging
import os
import random
import socket
import threading
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from shared_components.bus.green.greenlets import Timeout
from shared_components.db import ALL_TENANTS, leases
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.bus.server.transactions import Transactions

log = logging.getLogger(__name__)

# A run that takes longer than its lease may overlap with the next: handlers are written to bear that.
SHORTEST_LEASE_S = 30.0
RELEASING_S = 2.0
LONG_RUN_S = 60.0
# Of a lease: its holder does not ask again before. What each run finds of it is the rest at least.
RENEWED_AFTER = 0.5


class Timers(ProviderCollector, SharedExtension):  # type: ignore[misc]
    """One a container, shared by all its `@every`s."""

    def setup(self) -> None:
        self._stopping = threading.Event()
        self._started = False
        self._loops: list[Any] = []
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{new_id('run')}"[:120]

    def start(self) -> None:
        if self._started or self.container.config["zhongtai"]["bus"]["serves"] == "calls":
            return
        self._started = True
        self._loops = [
            self.container.spawn_managed_thread(partial(self._loop, entrypoint), identifier=entrypoint.method_name)
            for entrypoint in list(self._providers)]

    def unregister_provider(self, provider: Any) -> None:
        self._stopping.set()
        super().unregister_provider(provider)

    def stop(self) -> None:
        """Let the leases go: the next process need not wait for their end."""
        with Timeout(RELEASING_S, False):
            for loop in self._loops:
                loop.wait()

    def kill(self) -> None:
        self._stopping.set()

    def _loop(self, entrypoint: Every) -> None:
        held, renew_at = False, 0.0
        # A little jitter, so that a cluster started at once does not ask for the lease at once.
        while not self._stopping.wait(entrypoint.seconds * random.uniform(0.9, 1.1)):
            try:
                if not held or monotonic() >= renew_at:
                    asked = monotonic()
                    held = self._acquire(entrypoint)
                    # Only now: one that could not be asked for is asked for again before the next run.
                    renew_at = asked + entrypoint.lease_s * RENEWED_AFTER
                if held:
                    self._run(entrypoint)
            except AppError as error:
                log.warning("bus.timer.postponed", extra={"handler": entrypoint.method_name, "code": error.code})
            except ContainerBeingKilled:
                return
            except Exception:
                log.exception("bus.timer.failed", extra={"handler": entrypoint.method_name})
        if held:
            self._release(entrypoint)

    def _transactions(self) -> Transactions:
        provider = next(d for d in self.container.dependencies if d.attr_name == "transactions")
        transactions: Transactions = provider.get_dependency(None)
        return transactions

    def _acquire(self, entrypoint: Every) -> bool:
        transactions = self._transactions()
        with transactions.provider.database.transaction(ALL_TENANTS) as session:
            return bool(leases.acquire(
                session, _lease_of(entrypoint), self._holder,
                entrypoint.lease_s,  # by the database's clock: processes' clocks differ
            ))

    def _release(self, entrypoint: Every) -> None:
        try:
            with self._transactions().provider.database.transaction(ALL_TENANTS) as session:
                leases.release(session, _lease_of(entrypoint), self._holder)
        except AppError as error:
            # Its time will end it.
            log.warning("bus.timer.postponed", extra={"handler": entrypoint.method_name, "code": error.code})

    def _run(self, entrypoint: Every) -> None:
        finished = threading.Event()

        def handle_result(worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished.set()
            return None, None

        self.container.spawn_worker(entrypoint, (), {}, context_data={}, handle_result=handle_result)
        began = monotonic()
        while not finished.wait(LONG_RUN_S):
            # A run that hangs would else show nowhere: its timer is silent, and everything else goes on.
            log.warning("bus.timer.still_running", extra={
                "handler": entrypoint.method_name, "seconds": round(monotonic() - began)})


def _lease_of(entrypoint: Every) -> str:
    return f"every.{entrypoint.method_name}"


class Every(Entrypoint):  # type: ignore[misc]
    """Runs a handler at an interval, once in the whole cluster. lease_s: None is twice the interval, at least 30."""

    timers = Timers()

    def __init__(self, seconds: float, *, lease_s: float | None = None, **kwargs: Any) -> None:
        self.seconds = seconds
        self.lease_s = max(seconds * 2, SHORTEST_LEASE_S) if lease_s is None else lease_s
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.timers.register_provider(self)

    def stop(self) -> None:
        self.timers.unregister_provider(self)
