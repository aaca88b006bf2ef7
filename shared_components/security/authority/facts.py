"""The facts about a row that a decision needs."""
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NOBODY: Mapping[str, str] = MappingProxyType({})


class Facts(NamedTuple):
    """The facts about one row.

    tenant: the department that keeps it. subjects: role → subject whom the row names in it.
    made_by: the caller that made the row, where rows belong to apps; None: they are the department's.
    resource: with its type, `licence:driving-licence`; empty: the method's resource.
    written: fields that a maker of another department may read: what it wrote, and the state.
    matter, amount_minor: what a mandate may be limited to.
    thing: the row's id, for the record of its use.
    registered_for: the outside system whose key the row is registered for.
    keeper: the department in whose log a use is recorded, where `tenant` stands for another one; None: tenant.
    """

    tenant: str
    subjects: Mapping[str, str] = NOBODY
    made_by: str | None = None
    resource: str = ""
    written: frozenset[str] = frozenset()
    matter: str | None = None
    amount_minor: int | None = None
    registered_for: str | None = None
    thing: str = ""
    keeper: str | None = None
