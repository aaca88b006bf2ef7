"""Calls that a method's rule admits before any row is looked at."""
from __future__ import annotations

from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority.admission import admit
from shared_components.security.authority.copies import NO_COPIES


def is_admitted(context: CallContext, rule: MethodRule) -> bool:
    """Tell whether the rule admits the call."""
    try:
        admit(context, rule, NO_COPIES)
    except AppError:
        return False
    return True
