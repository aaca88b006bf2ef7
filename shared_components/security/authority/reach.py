"""The union of what a group of calls may touch: what the database is told before the first statement."""
from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.apps import is_app
from shared_components.kernel.calls import CallContext

_NONE: frozenset[str] = frozenset()


class Reach(NamedTuple):
    """A second wall, never the reason to answer.

    write_tenants: whose rows may be read and written. read_tenants: whose rows may be read besides.
    subjects: rows that name one of them may be read, whoever keeps them. apps: so may rows that one of them made.
    """

    write_tenants: frozenset[str]
    read_tenants: frozenset[str] = _NONE
    subjects: frozenset[str] = _NONE
    apps: frozenset[str] = _NONE


def reach(contexts: Iterable[CallContext]) -> Reach:
    """Give the reach of a group.

    No call reads all of another department yet, so read_tenants is empty until grants are served.
    """
    tenants, subjects, apps = set(), set(), set()
    for context in contexts:
        tenants.add(context.tenant)
        acting = context.acting
        if acting is not None:
            if acting.kind == CITIZEN:
                subjects.add(acting.holder)
            elif acting.department is not None:
                tenants.add(acting.department)
        if is_app(context.caller):
            apps.add(context.caller)
    return Reach(frozenset(tenants), _NONE, frozenset(subjects), frozenset(apps))
