"""Persons in whose session a test makes its calls."""
from __future__ import annotations

from typing import Any, overload

from shared_components.kernel.acting import OFFICER, Acting

ALL_SCOPES = frozenset({"licence", "order", "case", "message", "subject", "receipt"})


@overload
def citizen(subject: None, **more: Any) -> None: ...
@overload
def citizen(subject: str, **more: Any) -> Acting: ...
def citizen(subject: str | None, **more: Any) -> Acting | None:
    """A citizen's session with all scopes; None: nobody acts."""
    return None if subject is None else Acting(subject, f"ses_{subject}", **{"scopes": ALL_SCOPES, **more})


def officer(subject: str, department: str, *roles: str, **more: Any) -> Acting:
    return Acting(subject, f"ses_{subject}", OFFICER, roles=frozenset(roles), department=department, **more)
