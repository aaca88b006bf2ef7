"""Scopes of mandates: resources as sessions name them (`licence`, `licence:driving-licence`), or all of them."""
from __future__ import annotations

from collections.abc import Collection

ALL = "*"
MANDATES = "mandate"
"""The resource of mandates themselves: only who may appoint gets it."""
OWN_ACCOUNT = frozenset({"credential", "session", "consent", "guardian-consent", "personal-information"})
"""Resources of a person's own account. No mandate covers them, not even one for all resources."""


def kind_of(scope: str) -> str:
    """The kind of resource that a scope names."""
    return scope.partition(":")[0]


def is_covered(scope: str, held: Collection[str]) -> bool:
    """Tell whether what is held covers the scope: all, its kind, or the scope itself."""
    return ALL in held or scope in held or kind_of(scope) in held


def not_covered(asked: Collection[str], held: Collection[str]) -> list[str]:
    """The scopes that are wider than what is held, in order."""
    return sorted(scope for scope in asked if not is_covered(scope, held))


def shared_scopes(held: Collection[str], session: Collection[str], *, appoints: bool) -> frozenset[str]:
    """The scopes that a mandate gives a session: what both cover.

    appoints: the mandate's agent may appoint further agents.
    """
    both = {scope for scope in session if is_covered(scope, held)}
    both |= {scope for scope in held if kind_of(scope) in session}
    if appoints and MANDATES in session:
        both.add(MANDATES)
    never = OWN_ACCOUNT if appoints else OWN_ACCOUNT | {MANDATES}
    return frozenset(scope for scope in both if scope != ALL and kind_of(scope) not in never)
