"""Rows that leave the department that keeps them, collected while a group of calls is served."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from shared_components.kernel.callers import OPERATOR
from shared_components.kernel.calls import CallContext
from shared_components.kernel.evidence import Fact
from shared_components.kernel.method_rules import AGREEMENT, GRANT, HOLDER, PLATFORM
from shared_components.security.authority.facts import Facts
from shared_components.security.authority.permits import Permit, department_of


class Disclosure(NamedTuple):
    """One row that left its owner.

    fields: that left; None: all of the reply. details, cause: as in EvidenceTx.
    """

    context: CallContext
    basis: str
    facts: Facts
    fields: Collection[str] | None
    details: Mapping[str, Fact] | None = None
    cause: str | None = None

    @property
    def owner(self) -> str:
        """The department in whose log the use is recorded."""
        return self.facts.keeper or self.facts.tenant


_COLLECTED: ContextVar[list[Disclosure] | None] = ContextVar("disclosures", default=None)


@contextmanager
def collected_disclosures() -> Iterator[list[Disclosure]]:
    """Collect what permits open, and what use cases note, inside of the block."""
    found: list[Disclosure] = []
    token = _COLLECTED.set(found)
    try:
        yield found
    finally:
        _COLLECTED.reset(token)


def note_opened(context: CallContext, given: Permit) -> None:
    """Note that a permit has opened a row, where the row leaves its owner and somebody collects."""
    if leaves_owner(context, given):
        _note(Disclosure(context, given.basis, given.facts, given.fields))


def note_use(
    context: CallContext, basis: str, *, owner: str, thing: str, fields: Collection[str] | None = None,
    details: Mapping[str, Fact] | None = None, cause: str | None = None,
) -> None:
    """Note that a row leaves its owner without a permit, as by a code that its holder showed."""
    _note(Disclosure(context, basis, Facts(owner, thing=thing), fields, details, cause))


def _note(disclosure: Disclosure) -> None:
    found = _COLLECTED.get()
    if found is not None:
        found.append(disclosure)


def leaves_owner(context: CallContext, given: Permit) -> bool:
    """Tell whether what the permit opens goes to somebody outside the department that keeps the row.

    An operator belongs to no department.
    """
    basis, facts = given.basis, given.facts
    if basis in (GRANT, AGREEMENT) or (basis == PLATFORM and context.caller == OPERATOR):
        return True
    if facts.keeper is not None:
        return facts.keeper != (department_of(context) or context.tenant)
    return basis == HOLDER and facts.tenant != department_of(context)
