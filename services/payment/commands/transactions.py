"""Payment's transactions without the bus: the same database, the same use cases.

Events go to the outbox with their effect; the running service's sweeper publishes them within seconds.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import Session

from services.payment.channels.domain.errors import ChannelNotBuilt, ChannelNotConfigured
from services.payment.channels.domain.ports import Channels
from services.payment.ledger.domain.errors import DayNotOver
from services.payment.schemas import EVENTS, PaymentSettings
from services.payment.transaction import PaymentResources, SqlPaymentTransaction
from shared_components.bus.server.event_recorder import EventRecorder, TransactionScope
from shared_components.cli.errors import WrongUse, wrong_use
from shared_components.cli.settings import configuration_of
from shared_components.configuration.loading import load_service_settings
from shared_components.contracts import ServiceContract
from shared_components.db import ALL_TENANTS, Database, outbox, pending
from shared_components.kernel.acting import OFFICER, Acting
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import SystemClock
from shared_components.kernel.money import decimal_text
from shared_components.security import Secrets

# The package's name and its events; to read them off the service would load the bus, and a command start twice as late.
SERVICE = __name__.split(".")[1]
EVENTS_ALONE = ServiceContract(SERVICE, version="", events=EVENTS)


class DirectTransactions:
    """tenant: whose data the command means."""

    def __init__(self, configuration: Mapping[str, Any], tenant: str | None) -> None:
        settings = load_service_settings(
            SERVICE, PaymentSettings, configuration["services"].get(SERVICE, {}),
            environment=configuration["environment"])
        self.clock = SystemClock()
        self.tenant = configuration["bus"]["default_tenant"] if tenant is None else tenant
        self.database = Database.from_configuration(configuration["database"], SERVICE)
        self._secrets = Secrets.from_configuration(configuration["security"], configuration["environment"])
        self._settings, self._resources = settings, PaymentResources(settings)

    @property
    def channels(self) -> Channels:
        return self._resources.channels

    @contextmanager
    def begin(self, tenant: str | None = None) -> Iterator[SqlPaymentTransaction]:
        events = EventRecorder(EVENTS_ALONE, self.clock)
        with self.database.transaction(ALL_TENANTS if tenant is None else [tenant]) as session:
            yield self._transaction(session, events)
            outbox.add(session, events.rows)

    @contextmanager
    def reading(self) -> Iterator[SqlPaymentTransaction]:
        """For queries: it waits for no writer."""
        with self.database.reading([self.tenant]) as session:
            yield self._transaction(session, EventRecorder(EVENTS_ALONE, self.clock))

    def context(self, *, subject: str | None = None) -> CallContext:
        """A call's context: a command line is the operator's."""
        acting = None if subject is None else Acting(subject, "command-line", OFFICER)
        return CallContext(caller="operator", tenant=self.tenant, acting=acting)

    def nothing(self, said: str) -> str:
        """The message of a command that finds nothing: a tenant that is misspelt looks the same as one without data."""
        return f"tenant '{self.tenant}': {said}"

    def _transaction(self, session: Session, events: EventRecorder) -> SqlPaymentTransaction:
        return self._resources.transaction(TransactionScope(session, events, self.clock, self._settings, self._secrets))

    def close(self) -> None:
        self._resources.close()
        self.database.dispose()


@contextmanager
def direct_transactions(context: click.Context, tenant: str | None) -> Iterator[DirectTransactions]:
    """Raises WrongUse while a migration is waiting, for a channel that can't be used and a day that is not over."""
    configuration = configuration_of(context)
    if pending(configuration["database"]["url"], SERVICE):
        raise WrongUse(Bilingual(
            f"database of {SERVICE} is not at its newest version; run 'zhongtai migrate {SERVICE}' first",
            f"{SERVICE} 的数据库不是最新版本；请先运行“zhongtai migrate {SERVICE}”"))
    transactions = DirectTransactions(configuration, tenant)
    try:
        yield transactions
    except (ChannelNotBuilt, ChannelNotConfigured, DayNotOver) as error:
        raise wrong_use(error) from error
    finally:
        transactions.close()


def yuan(amount_minor: int) -> str:
    """分 as people read them in a table."""
    return decimal_text(amount_minor, grouped=True)
