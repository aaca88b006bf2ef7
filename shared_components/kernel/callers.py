"""Names of callers, and whom a method's contract admits."""
from __future__ import annotations

from collections.abc import Collection

from shared_components.kernel.apps import APP_PREFIX

OPERATOR = "operator"
GATEWAY = "gateway"
"""The only caller that passes calls on for apps, and says for which."""
OUTSIDE_PREFIX = "outside-"
"""Before the name of an outside system, as caller of a call that its registered key has proved."""
ANY_APP, ANY_SERVICE = "app", "service"
"""What a contract names instead of each app, and instead of each service."""


def admits(callers: Collection[str], sender: str) -> bool:
    """Tell whether these callers of a contract include the sender: by name, as an app, or as a service."""
    if sender in callers:
        return True
    if sender.startswith(APP_PREFIX):
        return ANY_APP in callers
    return ANY_SERVICE in callers and sender != OPERATOR and not sender.startswith(OUTSIDE_PREFIX)
