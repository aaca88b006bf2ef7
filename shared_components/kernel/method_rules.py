"""The rule of a method: on which basis it may be used, for whose rows, by whom."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict, get_args

Way = Literal["own", "holder", "grant", "agreement", "public", "platform", "outside"]

OWN: Final = "own"
"""The caller's department keeps the row; with a citizen acting, it is about that citizen."""
HOLDER: Final = "holder"
"""The row names the acting citizen, or the principal, in a role that the method allows."""
GRANT: Final = "grant"
"""The owner lets the caller's department use the resource."""
AGREEMENT: Final = "agreement"
"""A step of a definition that the owner has approved, for one case."""
PUBLIC: Final = "public"
"""Anybody: the method is marked so."""
PLATFORM: Final = "platform"
"""A service's or an operator's own work for the tenant that the call names."""
OUTSIDE: Final = "outside"
"""An outside system, whose key the row is registered for."""

WAYS: frozenset[str] = frozenset(get_args(Way))
RULE_ARGUMENTS = ("basis", "resource", "about", "roles", "level", "as_subject", "discloses", "composable")
"""Arguments of `@rpc_method` that say the rule; each is stated at each method."""


class RuleArguments(TypedDict):
    """Rule arguments that several methods share; see MethodRule."""

    basis: Collection[Way]
    resource: str
    about: Collection[str]
    roles: Collection[str]
    level: int
    as_subject: bool
    discloses: bool
    composable: bool


@dataclass(frozen=True, slots=True)
class MethodRule:
    """The rule of one method.

    basis: the ways in. resource: the kind of thing, as scopes and grants name it (`licence`).
    about: roles in which a row may name its holder (`applicant`, `payer`).
    roles: officers' roles, one of which is needed.
    level: the least assurance level of an acting person. as_subject: a citizen must act.
    discloses: a reply may hold data of another department: it runs in a writing transaction.
    composable: a step of a matter's definition may call it.
    """

    basis: frozenset[str]
    resource: str
    about: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    level: int = 0
    as_subject: bool = False
    discloses: bool = False
    composable: bool = False

    def exported(self) -> dict[str, Any]:
        """Give the rule as JSON-safe data."""
        return {
            "basis": sorted(self.basis), "resource": self.resource, "about": sorted(self.about),
            "roles": sorted(self.roles), "level": self.level, "as_subject": self.as_subject,
            "discloses": self.discloses, "composable": self.composable,
        }


def method_rule(
    method: str, *, basis: Collection[str], resource: str, about: Collection[str], roles: Collection[str], level: int,
    as_subject: bool, discloses: bool, composable: bool,
) -> MethodRule:
    """Make a rule from what a method states. Raises ValueError for one that contradicts itself."""
    ways = frozenset(basis)
    if not ways or not ways <= WAYS:
        raise ValueError(f"'{method}' has basis {sorted(ways)}; one or more of {sorted(WAYS)} are allowed")
    if not resource:
        raise ValueError(f"'{method}' has no resource; a kind of thing, as scopes name it, is allowed")
    if (HOLDER in ways or as_subject) and not about:
        raise ValueError(f"'{method}' is open to holders and has no role in `about`; one or more are allowed")
    if as_subject and HOLDER not in ways:
        raise ValueError(f"'{method}' needs an acting subject, so its basis has 'holder'; it is {sorted(ways)}")
    return MethodRule(ways, resource, frozenset(about), frozenset(roles), level, as_subject, discloses, composable)
