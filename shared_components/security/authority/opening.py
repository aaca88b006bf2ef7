"""Open rows for a call by the rule of its method."""
from __future__ import annotations

from typing import TypeVar

from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import OWN, PLATFORM, MethodRule
from shared_components.security.authority.copies import process_copies
from shared_components.security.authority.errors import RowHidden
from shared_components.security.authority.refusals import note_refused, note_unknown
from shared_components.security.authority.sealed import Sealed, open_for

Opened = TypeVar("Opened")

UNSTATED = MethodRule(frozenset({OWN, PLATFORM}), "unstated")
"""The rule of a context without a method, as in scheduled work and on the command line."""


def open_row(context: CallContext, row: Sealed[Opened]) -> Opened | None:
    """The content for a call by its method's rule; None where the call may not see the row."""
    return open_for(context, context.rule or UNSTATED, row, process_copies())


def open_asked(context: CallContext, row: Sealed[Opened] | None) -> Opened | None:
    """As open_row, for a call that asked for this very row: what is refused or unknown is noted.

    Raises Forbidden and Unauthenticated as `permit` does.
    """
    if row is None:
        note_unknown()
        return None
    try:
        opened = open_row(context, row)
    except AppError as refusal:
        note_refused(context, _owner(row), refusal.code)
        raise
    if opened is None:
        note_refused(context, _owner(row), RowHidden.code)
    return opened


def _owner(row: Sealed[Opened]) -> str:
    return row.facts.keeper or row.facts.tenant


def work_in(tenant: str, service: str) -> CallContext:
    """The context of a service's own work in one department: a schedule, a handler of an event."""
    return CallContext(service, tenant)
