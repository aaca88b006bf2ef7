"""Rows that only a permit opens."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import NotFound
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority.copies import NO_COPIES, Copies
from shared_components.security.authority.disclosures import note_opened
from shared_components.security.authority.facts import Facts
from shared_components.security.authority.permits import Permit, permit

Row = TypeVar("Row", covariant=True)


class Sealed(Generic[Row]):
    """A row as an adapter gives it: its facts are known, its content is not read yet.

    read: builds the content, and decrypts it; called when a permit opens the row.
    """

    __slots__ = ("_read", "facts")

    def __init__(self, facts: Facts, read: Callable[[], Row]) -> None:
        self.facts = facts
        self._read = read

    def open(self, given: Permit) -> Row:
        """Give the content. Raises ValueError for a permit of another row, or of some fields only."""
        self._check(given)
        if given.fields is not None:
            raise ValueError("the permit covers some fields only; open_fields is allowed")
        return self._read()

    def open_fields(self, given: Permit, view: Callable[[Row], Mapping[str, Any]]) -> dict[str, Any]:
        """Give the fields of a view that the permit covers. Raises ValueError for a permit of another row."""
        self._check(given)
        return given.narrow(view(self._read()))

    def _check(self, given: Permit) -> None:
        if given.facts is not self.facts:
            raise ValueError("the permit is of another row; it opens the row that it was decided for")


def open_for(
    context: CallContext, rule: MethodRule, sealed: Sealed[Row] | None, copies: Copies = NO_COPIES,
) -> Row | None:
    """Open a row for a call; None where there is no row, or none for this caller: the two look the same.

    Raises Forbidden and Unauthenticated as `permit` does.
    """
    if sealed is None:
        return None
    try:
        given = permit(context, rule, sealed.facts, copies)
    except NotFound:
        return None
    if given.fields is not None:
        return None
    opened = sealed.open(given)
    note_opened(context, given)
    return opened
