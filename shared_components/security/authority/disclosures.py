"""Rows that were opened for somebody outside the department that keeps them, while a group of calls is served."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import AGREEMENT, GRANT, HOLDER
from shared_components.security.authority.facts import Facts
from shared_components.security.authority.permits import Permit, department_of


class Disclosure(NamedTuple):
    """One row that left its owner. fields: that the permit covers; None: all of the reply."""

    context: CallContext
    basis: str
    facts: Facts
    fields: frozenset[str] | None


_COLLECTED: ContextVar[list[Disclosure] | None] = ContextVar("disclosures", default=None)


@contextmanager
def collected_disclosures() -> Iterator[list[Disclosure]]:
    """Collect what permits open inside of the block."""
    found: list[Disclosure] = []
    token = _COLLECTED.set(found)
    try:
        yield found
    finally:
        _COLLECTED.reset(token)


def note_opened(context: CallContext, given: Permit) -> None:
    """Note that a permit has opened a row, where the row leaves its owner and somebody collects."""
    found = _COLLECTED.get()
    if found is not None and leaves_owner(context, given):
        found.append(Disclosure(context, given.basis, given.facts, given.fields))


def leaves_owner(context: CallContext, given: Permit) -> bool:
    """Tell whether what the permit opens goes to somebody outside the department that keeps the row."""
    if given.basis in (GRANT, AGREEMENT):
        return True
    return given.basis == HOLDER and given.facts.tenant != department_of(context)
