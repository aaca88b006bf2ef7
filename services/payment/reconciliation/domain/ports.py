"""Ports of statements and differences."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from services.payment.reconciliation.domain.reconciliation import Difference, Tally
from services.payment.reconciliation.domain.statement import ImportFailure, Statement, StatementLine, Summary

Tx = TypeVar("Tx", covariant=True)
"""The ports that the use case needs: the Protocol that is declared beside it."""


class StatementSource(Protocol):
    """A channel's statement before it is imported."""

    @property
    def format(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def position(self) -> int:
        """How many of its `size` bytes have been read."""
        ...

    @property
    def size(self) -> int: ...

    def chunks(self, day: date) -> Iterable[Sequence[StatementLine]]:
        """Its lines, some thousands at a time. Raises StatementMalformed, StatementTotalsDiffer, StatementChanged."""
        ...


class Statements(Protocol):
    def complete(self, tenant: str, channel: str, day: date) -> Statement | None:
        """The one that counts; there is never more than one."""
        ...

    def currencies(self, tenant: str, channel: str, day: date) -> list[str]:
        """Currencies of the statements of that day that were ever complete, superseded ones included."""
        ...

    def complete_on(self, tenant: str, day: date) -> list[Statement]:
        """The complete statements of all channels, by channel."""
        ...

    def open(self, statement: Statement) -> list[Statement]:
        """Add one that is being imported; gives earlier ones of its channel and day that never ended, now failed."""
        ...

    def add_lines(self, statement: Statement, lines: Sequence[StatementLine]) -> int | None:
        """Give the line_no of the first line whose kind and number the statement has already; None without such a line.

        Raises StatementTakenOver when the import is no longer open.
        """
        ...

    def finish(self, statement: Statement, *, supersede: bool) -> bool:
        """Make it the complete one. False when it is no longer open.

        Raises StatementConflict when another one is complete and is not to be superseded.
        """
        ...

    def fail(self, statement_id: str, failure: ImportFailure) -> None: ...

    def drop_lines(self, statement_id: str, limit: int) -> int:
        """How many there were, at most `limit`."""
        ...

    def reconciled(self, statement: Statement, at: datetime, summary: Summary) -> None: ...

    def page(
        self, tenant: str, *, channel: str | None, day: date | None, state: str | None, before: str | None, limit: int
    ) -> list[Statement]:
        """Newest first; before: a statement id."""
        ...


class Differences(Protocol):
    """The comparison itself, for whole sets of lines, and what it has found.

    Ranges are of the line_no of a complete statement, times are half open.
    """

    def compare_lines(
        self, statement: Statement, first: int, last: int, at: datetime, *, settle: bool
    ) -> list[Tally]:
        """Keep what differs. One that a person has resolved stays resolved while its facts are the same.

        settle: resolve those of these lines that do not differ any more.
        """
        ...

    def compare_records(self, statement: Statement, since: datetime, until: datetime, at: datetime) -> list[Tally]:
        """Keep those of our records of the statement's channel that no complete statement has."""
        ...

    def settle_records(self, statement: Statement, at: datetime) -> None:
        """Resolve what was missing there and no longer is, and what only a superseded statement said."""
        ...

    def pieces_that_differ(self, statement: Statement, size: int) -> list[int]:
        """Which pieces of `size` line numbers (0 for those below `size`, …) have an open difference."""
        ...

    def askable(self, statement: Statement, before: datetime, limit: int) -> list[Difference]:
        """Open ones that a question to the channel may settle, and that were not asked about since `before`."""
        ...

    def asked(self, tenant: str, difference_ids: Collection[str], at: datetime) -> None: ...

    def page(
        self, tenant: str, *, day: date | None, channel: str | None, class_: str | None, state: str | None,
        after: str | None, limit: int,
    ) -> list[Difference]:
        """By difference id."""
        ...

    def count_open(self, statement: Statement) -> int: ...

    def get(self, tenant: str, difference_id: str) -> Difference | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def resolve(self, difference: Difference, *, by: str, note: str, at: datetime) -> bool:
        """False when it is no longer open."""
        ...


class HasStatements(Protocol):
    @property
    def statements(self) -> Statements: ...


class HasDifferences(Protocol):
    @property
    def differences(self) -> Differences: ...
