"""The rule of the methods of services that tests and benchmarks bring."""
from __future__ import annotations

from shared_components.kernel.method_rules import RuleArguments

OWN_THINGS: RuleArguments = {
    "basis": ["own", "platform"], "resource": "thing", "about": [], "roles": [], "level": 0, "as_subject": False,
    "discloses": False, "composable": False,
}
