"""Refusals of a group of calls, collected while the group is served; they are recorded afterwards."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

from shared_components.kernel.calls import CallContext


class RefusalKey(NamedTuple):
    """The facts by which refusals are merged. owner: the department whose row it is, or that the call names."""

    owner: str
    caller: str
    resource: str
    reason: str


@dataclass
class Refusals:
    """The refusals of one group. unknown: ids that lead to no row that the group reaches."""

    unknown: int = 0
    by_key: dict[RefusalKey, dict[int, CallContext]] = field(default_factory=dict)
    """The calls that were refused, by the identity of their context: a call that is tried again counts once."""


_COLLECTED: ContextVar[Refusals | None] = ContextVar("refusals", default=None)


@contextmanager
def collected_refusals() -> Iterator[Refusals]:
    """Collect what is refused inside of the block."""
    found = Refusals()
    token = _COLLECTED.set(found)
    try:
        yield found
    finally:
        _COLLECTED.reset(token)


def note_refused(context: CallContext, owner: str, reason: str) -> None:
    """Note that a call was refused a row of this owner. reason: the code of an error."""
    found = _COLLECTED.get()
    if found is not None:
        resource = "" if context.rule is None else context.rule.resource
        key = RefusalKey(owner, context.caller, resource, reason)
        found.by_key.setdefault(key, {})[id(context)] = context


def note_unknown() -> None:
    """Note that an id led to no row."""
    found = _COLLECTED.get()
    if found is not None:
        found.unknown += 1
