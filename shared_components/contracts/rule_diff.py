"""Changes of a method's rule, and whom they break: less may be done after them, or an acting person needs more."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared_components.contracts.findings import Finding, breaks, note

Rule = Mapping[str, Any]
LISTS = {
    "basis": "calls on this basis are refused",
    "about": "a person whom a row names in this role is refused",
    "roles": "officers with this role alone are refused",
}


def rule_changes(where: str, old: Rule | None, new: Rule | None) -> Iterator[Finding]:
    """Compare two exported rules. A contract of before rules had none: what it allowed nobody had written down."""
    if old is None or new is None:
        if old != new:
            yield note(where, "absent" if old is None else "stated", "absent" if new is None else "stated")
        return
    for key, why in LISTS.items():
        for gone in sorted(set(old[key]) - set(new[key])):
            yield breaks(f"{where}, {key}", gone, "removed", why)
        for added in sorted(set(new[key]) - set(old[key])):
            yield note(f"{where}, {key}", "absent", added)
    if old["resource"] != new["resource"]:
        yield breaks(f"{where}, resource", old["resource"], new["resource"], "sessions have scopes for the old name")
    if new["level"] != old["level"]:
        told = breaks if new["level"] > old["level"] else _noted
        yield told(f"{where}, level", old["level"], new["level"], "sessions of a lower level are refused")
    if new["as_subject"] != old["as_subject"]:
        told = breaks if new["as_subject"] else _noted
        yield told(f"{where}, as_subject", old["as_subject"], new["as_subject"], "calls without a citizen are refused")
    if new["composable"] != old["composable"]:
        told = breaks if old["composable"] else _noted
        yield told(f"{where}, composable", old["composable"], new["composable"], "definitions that call it are refused")
    if new["discloses"] != old["discloses"]:
        yield note(f"{where}, discloses", old["discloses"], new["discloses"])


def _noted(where: str, old: Any, new: Any, _why: str) -> Finding:
    return note(where, old, new)
