"""Read the next lines of a statement while the database takes the last ones."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor  # noqa: TID251 -- commands are not green
from datetime import date

from services.payment.reconciliation.domain.ports import StatementSource
from services.payment.reconciliation.domain.statement import StatementLine


class ReadAhead:
    """One piece ahead and no more, so that memory stays flat. For commands: it needs a real thread."""

    def __init__(self, source: StatementSource) -> None:
        self._source = source
        self.format = source.format
        self.digest = source.digest
        self.size = source.size

    @property
    def position(self) -> int:
        return self._source.position

    def chunks(self, day: date) -> Iterator[Sequence[StatementLine]]:
        """Raises what the source raises, after the pieces before it."""
        pieces = iter(self._source.chunks(day))
        with ThreadPoolExecutor(1, "statement") as reader:
            ahead = reader.submit(next, pieces, None)
            while (lines := ahead.result()) is not None:
                ahead = reader.submit(next, pieces, None)
                yield lines
