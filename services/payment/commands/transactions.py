"""Payment's transactions for commands."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import click

from services.payment.channels.domain.errors import ChannelNotBuilt, ChannelNotConfigured
from services.payment.channels.domain.ports import Channels
from services.payment.ledger.domain.errors import DayNotOver
from services.payment.schemas import EVENTS, PaymentSettings
from services.payment.transaction import PaymentResources, SqlPaymentTransaction
from shared_components.cli.direct_transactions import DirectTransactions
from shared_components.cli.errors import wrong_use
from shared_components.cli.settings import configuration_of
from shared_components.db import ALL_TENANTS
from shared_components.kernel.acting import OFFICER, Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.money import decimal_text

# The package's name; to read it off the service would load the bus, and a command start twice as late.
SERVICE = __name__.split(".")[1]


class PaymentTransactions:
    """tenant: whose data the command means."""

    def __init__(self, configuration: Mapping[str, Any], tenant: str | None) -> None:
        self.tenant = configuration["bus"]["default_tenant"] if tenant is None else tenant
        self._direct = DirectTransactions(configuration, SERVICE, PaymentSettings, EVENTS)
        self._resources = PaymentResources(self._direct.settings)
        self.clock, self.database = self._direct.clock, self._direct.database

    @property
    def channels(self) -> Channels:
        return self._resources.channels

    def begin(self, tenant: str | None = None) -> AbstractContextManager[SqlPaymentTransaction]:
        return self.begin_for(ALL_TENANTS if tenant is None else [tenant])

    @contextmanager
    def begin_for(self, tenants: Collection[str]) -> Iterator[SqlPaymentTransaction]:
        with self._direct.scope(tenants) as scope:
            yield self._resources.transaction(scope)

    @contextmanager
    def reading(self) -> Iterator[SqlPaymentTransaction]:
        """For queries: it waits for no writer."""
        with self._direct.reading([self.tenant]) as scope:
            yield self._resources.transaction(scope)

    def context(self, *, subject: str | None = None) -> CallContext:
        """A call's context: a command line is the operator's."""
        acting = None if subject is None else Acting(subject, "command-line", OFFICER)
        return CallContext(caller="operator", tenant=self.tenant, acting=acting)

    def nothing(self, said: str) -> str:
        """The message of a command that finds nothing: a tenant that is misspelt looks the same as one without data."""
        return f"tenant '{self.tenant}': {said}"

    def close(self) -> None:
        self._resources.close()
        self._direct.close()


@contextmanager
def payment_transactions(context: click.Context, tenant: str | None) -> Iterator[PaymentTransactions]:
    """Raises WrongUse while a migration is waiting, for a channel that can't be used and a day that is not over."""
    transactions = PaymentTransactions(configuration_of(context), tenant)
    try:
        yield transactions
    except (ChannelNotBuilt, ChannelNotConfigured, DayNotOver) as error:
        raise wrong_use(error) from error
    finally:
        transactions.close()


def yuan(amount_minor: int) -> str:
    """分 as people read them in a table."""
    return decimal_text(amount_minor, grouped=True)
