"""Where a call looks for rows: conditions by which a list is found, so that its pages are full.

They are never the reason to answer: a permit opens each row that was found.
"""
from __future__ import annotations

from typing import NamedTuple

from shared_components.kernel.acting import OFFICER
from shared_components.kernel.apps import is_app
from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import HOLDER
from shared_components.security.authority.copies import Copies, process_copies


class Search(NamedTuple):
    """The rows that a call may be shown, as conditions of a statement; None is no condition.

    tenant: of the rows. holder: the row names this citizen. maker: this app made the row, or nobody is known to have.
    """

    tenant: str | None
    holder: str | None = None
    maker: str | None = None


def searched_tenant(context: CallContext) -> str:
    """The department whose rows a call is about: the officer's own, else the one that the call names."""
    acting = context.acting
    if acting is not None and acting.kind == OFFICER and acting.department is not None:
        return acting.department
    return context.tenant


def search(context: CallContext, copies: Copies | None = None) -> Search:
    """Give the conditions for a list. copies: None takes those of the process."""
    acting, caller = context.acting, context.caller
    tenant = searched_tenant(context)
    if acting is not None and acting.kind == OFFICER:
        return Search(tenant)
    maker = caller if is_app(caller) else None
    holder = context.citizen
    if holder is None:
        return Search(tenant, None, maker)
    rule = context.rule
    if rule is None or HOLDER not in rule.basis:
        return Search(tenant, holder, maker)
    known = process_copies() if copies is None else copies
    crosses = known.is_portal(caller) or known.consents(holder, caller, rule.resource)
    return Search(None if crosses else tenant, holder)
