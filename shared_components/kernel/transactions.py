"""Parts of a transaction, as Protocols: a use case combines those that it uses in a Protocol of its own.

    class CloseCaseTx(HasClock, HasEvents, HasCases, Protocol): ...
"""
from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from shared_components.kernel.clock import Clock
from shared_components.kernel.events import Events

Tx_co = TypeVar("Tx_co", covariant=True)


class HasClock(Protocol):
    @property
    def clock(self) -> Clock: ...


class HasEvents(Protocol):
    @property
    def events(self) -> Events: ...


class Begins(Protocol[Tx_co]):
    """Opens transactions, for a use case that talks to the outside between two of them."""

    def begin(self, tenant: str) -> AbstractContextManager[Tx_co]:
        """Commits at the end of the block, rolls back on an exception."""
        ...


class Transactions(Protocol[Tx_co]):
    """Opens transactions by a clock, for scheduled work and for use cases that talk to the outside in between."""

    @property
    def clock(self) -> Clock: ...

    def begin(self, tenant: str = ...) -> AbstractContextManager[Tx_co]:
        """Commits at the end of the block, rolls back on an exception. Without a tenant it sees all of them."""
        ...
