"""One service's methods as the bus runs them, in this process, so that many may be called at the same moment."""
from __future__ import annotations

import inspect
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nameko.extensions import DependencyProvider

from shared_components.bus.server.requests import Request
from shared_components.configuration.loading import load_configuration
from shared_components.contracts.registry import CONTRACT_ATTRIBUTE
from shared_components.db import migrate
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.runtime.discovery import service_class
from shared_components.security import Secrets
from shared_components.security.key_files import DEVELOPMENT_FILE
from tests.unit.matter.fakes import World as FakeComponents

TENANT = "default"


class Racer:
    """ask: one call, which must succeed; race: the same call many times at once.

    acting: the person in whose session calls are made from now on; None: nobody acts. tenant: of these calls.
    """

    def __init__(self, service: Any) -> None:
        self.events: list[Any] = []
        self.acting: Acting | None = None
        self.tenant = TENANT
        self._service = service
        self.provider = service.transactions.provider

    def ask(self, method: str, /, caller: str = "operator", **kwargs: Any) -> Any:
        (outcome,) = self.outcomes(method, [kwargs], caller=caller)
        assert not isinstance(outcome, AppError), outcome.to_wire()
        return outcome

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A transaction for a use case without a method of its own, such as that of a command."""
        transactions = self._service.transactions
        with transactions.scope([TENANT]) as scope:
            yield transactions.provider.make(scope)

    def race(self, method: str, kwargs: Any, *, times: int = 20, op_id: str = "") -> list[Any]:
        return self.outcomes(method, [kwargs] * times, op_id=op_id)

    def outcomes(self, method: str, each: Sequence[Any], *, caller: str = "operator", op_id: str = "") -> list[Any]:
        serve = getattr(self._service, method)
        start, outcomes = threading.Barrier(len(each)), [None] * len(each)

        def call(number: int) -> None:
            context = CallContext(
                caller if self.acting is None else "app-portal", self.tenant, op_id=op_id or new_id("op"),
                acting=self.acting, rule=getattr(serve, CONTRACT_ATTRIBUTE).rule)
            start.wait()
            (request,) = serve([Request(each[number], context)])
            outcomes[number] = request.outcome

        threads = [threading.Thread(target=call, args=[number]) for number in range(len(each))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes


def key_file(folder: Path) -> Path:
    Secrets.for_development(folder)
    return folder / DEVELOPMENT_FILE


@contextmanager
def racer(name: str, url: str, folder: Path) -> Iterator[Racer]:
    """The service on a migrated database; its events are kept in a list, and nothing is published."""
    migrate(url, name)
    configuration = load_configuration()
    settings = {**configuration, "database": {**configuration["database"], "url": url, "pool_size": 8},
                "security": {**configuration["security"], "master_key_file": str(key_file(folder))}}
    declared = service_class(name)
    provider = type(declared.transactions)()
    racing: Any = None
    provider.container = SimpleNamespace(
        config={"zhongtai": settings}, service_name=name, service_cls=declared, dependencies=())
    provider.relay = SimpleNamespace(committed=lambda rows: racing.events.extend(rows), finish=lambda: None)
    provider.housekeeping = SimpleNamespace(finish=lambda: None)
    provider.setup()
    if name == "matter":
        # Publication asks the other components, which are not here.
        provider.components_for = FakeComponents().components
    service = declared()
    service.transactions = provider.get_dependency(None)
    # Nobody polls feeds in a race: sessions are admitted by what they state.
    service.transactions.refresh_copies = lambda: None
    for attribute, part in inspect.getmembers(declared, lambda value: isinstance(value, DependencyProvider)):
        # A part with a setup of its own, such as the mail server's, takes no part in a race.
        if attribute != "transactions" and "setup" not in vars(type(part)):
            bound = type(part)()
            bound.container = SimpleNamespace(dependencies=(provider,))
            setattr(service, attribute, bound.get_dependency(None))
    racing = Racer(service)
    try:
        yield racing
    finally:
        provider.stop()
