"""Learn which subjects exist, and deliver what waits for them."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from shared_components.kernel.transactions import HasClock

RecipientKey = tuple[str, str]
"""tenant, subject id"""


class Recipients(Protocol):
    """The subjects that identity has registered, as far as its events have arrived."""

    def known(self, keys: Collection[RecipientKey]) -> set[RecipientKey]: ...

    def hold(self, keys: Collection[RecipientKey]) -> None:
        """Until this transaction ends, no other learns of these, or accepts a message to one that is unknown."""
        ...

    def add(self, keys: Collection[RecipientKey]) -> None:
        """Keep them as known; one that is known already stays."""
        ...

    def tenants_of(self, subject_id: str) -> Collection[str]:
        """The departments to which the subject is known."""
        ...


class WaitingMessages(Protocol):
    def wake(self, keys: Collection[RecipientKey], at: datetime) -> None:
        """Let the next sweep deliver the inbox messages that wait for these recipients."""
        ...


class LearnTx(HasClock, Protocol):
    """The part of a transaction that learning recipients needs."""

    @property
    def recipients(self) -> Recipients: ...

    @property
    def waiting(self) -> WaitingMessages: ...


def learn_recipients(tx: LearnTx, keys: Collection[RecipientKey]) -> None:
    new = set(keys) - tx.recipients.known(keys)
    if new:
        tx.recipients.hold(new)
        tx.recipients.add(new)
        tx.waiting.wake(new, tx.clock.now())


def follow_recipient(tx: LearnTx, merged_id: str, survivor_id: str) -> None:
    """Make a survivor known wherever the merged subject was."""
    learn_recipients(tx, [(tenant, survivor_id) for tenant in tx.recipients.tenants_of(merged_id)])
