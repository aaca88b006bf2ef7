"""Payment's units of work without the bus: the same database, the same use cases.

Events go to the outbox with their effect; the running service's sweeper publishes them within seconds.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import Session

from services.payment.adapters.parts import PaymentParts
from services.payment.adapters.unit import SqlPaymentUnit
from services.payment.domain.books_errors import DayNotOver
from services.payment.domain.errors import ChannelNotBuilt, ChannelNotConfigured
from services.payment.domain.ports import Channels
from services.payment.schemas import EVENTS, PaymentSettings
from shared_components.bus.server.event_recorder import EventRecorder, TransactionScope
from shared_components.cli.errors import WrongUse, wrong_use
from shared_components.cli.settings import configuration_of
from shared_components.configuration.loading import load_service_settings
from shared_components.contracts import ServiceContract
from shared_components.db import ALL_TENANTS, Database, outbox, pending
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import SystemClock
from shared_components.kernel.money import decimal_text
from shared_components.security import Secrets

# The package's name and its events; to read them off the service would load the bus, and a command start twice as late.
SERVICE = __name__.split(".")[1]
EVENTS_ALONE = ServiceContract(SERVICE, version="", events=EVENTS)


class DirectUnits:
    """tenant: whose data the command means."""

    def __init__(self, configuration: Mapping[str, Any], tenant: str | None) -> None:
        settings = load_service_settings(
            SERVICE, PaymentSettings, configuration["services"].get(SERVICE, {}),
            environment=configuration["environment"])
        self.clock = SystemClock()
        self.tenant = configuration["bus"]["default_tenant"] if tenant is None else tenant
        self.database = Database.from_configuration(configuration["database"], SERVICE)
        self._secrets = Secrets.from_configuration(configuration["security"], configuration["environment"])
        self._settings, self._parts = settings, PaymentParts(settings)

    @property
    def channels(self) -> Channels:
        return self._parts.channels

    @contextmanager
    def begin(self, tenant: str | None = None) -> Iterator[SqlPaymentUnit]:
        events = EventRecorder(EVENTS_ALONE, self.clock)
        with self.database.transaction(ALL_TENANTS if tenant is None else [tenant]) as session:
            yield self._unit(session, events)
            outbox.add(session, events.rows)

    @contextmanager
    def reading(self) -> Iterator[SqlPaymentUnit]:
        """For queries: it waits for no writer."""
        with self.database.reading([self.tenant]) as session:
            yield self._unit(session, EventRecorder(EVENTS_ALONE, self.clock))

    def call(self, data: Mapping[str, Any], *, subject: str | None = None) -> Call:
        """What the use cases of queries take; a command line is the operator's."""
        return Call(data, CallContext(caller="operator", tenant=self.tenant, subject=subject))

    def nothing(self, said: str) -> str:
        """What a command says when it finds nothing: a tenant that is misspelt looks the same as one without data."""
        return f"tenant '{self.tenant}': {said}"

    def _unit(self, session: Session, events: EventRecorder) -> SqlPaymentUnit:
        return self._parts.unit(TransactionScope(session, events, self.clock, self._settings, self._secrets))

    def close(self) -> None:
        self._parts.close()
        self.database.dispose()


@contextmanager
def direct_units(context: click.Context, tenant: str | None) -> Iterator[DirectUnits]:
    """Raises WrongUse while a migration is waiting, for a channel that can't be used and a day that is not over."""
    configuration = configuration_of(context)
    if pending(configuration["database"]["url"], SERVICE):
        raise WrongUse(f"database of {SERVICE} is not at its newest version; run 'zhongtai migrate {SERVICE}' first")
    units = DirectUnits(configuration, tenant)
    try:
        yield units
    except (ChannelNotBuilt, ChannelNotConfigured, DayNotOver) as error:
        raise wrong_use(error) from error
    finally:
        units.close()


def yuan(amount_minor: int) -> str:
    """分 as people read them in a table."""
    return decimal_text(amount_minor, grouped=True)
