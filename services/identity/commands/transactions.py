"""Identity's transactions for commands, in one realm."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import click

from services.identity.providers import configured_apps
from services.identity.schemas import EVENTS
from services.identity.sessions.settings import token_policy
from services.identity.settings import ServiceSettings
from services.identity.subjects.settings import policy_of
from services.identity.transaction import SqlIdentityTransaction
from shared_components.cli.direct_transactions import DirectTransactions
from shared_components.cli.errors import wrong_use
from shared_components.cli.settings import configuration_of
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import FeedScope
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import InvalidInput, NotFound

SERVICE = __name__.split(".")[1]
OPERATOR = "operator"


class DryRun(Exception):
    """Ends a transaction without an effect."""


class IdentityTransactions:
    """realm_id: whose directory the command means."""

    def __init__(self, configuration: Mapping[str, Any], realm_id: str | None) -> None:
        self.configuration = configuration
        self.realm_id = configuration["bus"]["default_tenant"] if realm_id is None else realm_id
        self._direct = DirectTransactions(configuration, SERVICE, ServiceSettings, EVENTS)
        self._policy = policy_of(self._direct.settings)
        self._configured = configured_apps(configuration)
        self._tokens = token_policy(self._direct.settings["sessions"], configuration["http"]["public_url"])

    @property
    def context(self) -> CallContext:
        """A call's context: a command line is the operator's."""
        return CallContext(caller=OPERATOR, tenant=self.realm_id)

    @contextmanager
    def begin(self, tenants: Sequence[str] | None = None) -> Iterator[SqlIdentityTransaction]:
        with self._direct.scope(tenants or (self.realm_id,)) as scope:
            yield self._transaction(scope)

    @contextmanager
    def begin_in_all(self) -> Iterator[SqlIdentityTransaction]:
        """Over all realms."""
        with self.begin(ALL_TENANTS) as tx:
            yield tx

    @contextmanager
    def reading_all(self) -> Iterator[SqlIdentityTransaction]:
        """Over all realms, for questions: it waits for no writer."""
        with self._direct.reading(ALL_TENANTS) as scope:
            yield self._transaction(scope)

    @contextmanager
    def rehearsal(self) -> Iterator[Callable[[], AbstractContextManager[SqlIdentityTransaction]]]:
        """Give what opens a part of one transaction over all realms, which ends without an effect."""
        with suppress(DryRun), self._direct.scope(ALL_TENANTS) as scope:
            @contextmanager
            def begin() -> Iterator[SqlIdentityTransaction]:
                with scope.session.begin_nested():
                    yield self._transaction(scope)

            yield begin
            raise DryRun

    def _transaction(self, scope: FeedScope) -> SqlIdentityTransaction:
        return SqlIdentityTransaction(
            scope, self._policy, tokens=self._tokens, configured_apps=self._configured)

    def close(self) -> None:
        self._direct.close()


@contextmanager
def identity_transactions(context: click.Context, realm_id: str | None) -> Iterator[IdentityTransactions]:
    """Raises WrongUse while a migration is waiting, and for what whoever typed the command must mend."""
    transactions = IdentityTransactions(configuration_of(context), realm_id)
    try:
        yield transactions
    except (InvalidInput, NotFound) as error:
        raise wrong_use(error) from error
    finally:
        transactions.close()
