"""The states of authorization requests, codes and consents."""
from __future__ import annotations

from shared_components.kernel.states import Edge, StateMachine

PUSHED, BEGUN, COMPLETED, REFUSED = "pushed", "begun", "completed", "refused"
ACTIVE, USED, REVOKED = "active", "used", "revoked"
# No event is published for these.
REQUEST = StateMachine("authorization-request", PUSHED, [
    Edge(PUSHED, BEGUN, "request-begun"), Edge(BEGUN, COMPLETED, "request-completed"),
    Edge(BEGUN, REFUSED, "request-refused")], final=[COMPLETED, REFUSED])
CODE = StateMachine("authorization-code", ACTIVE, [Edge(ACTIVE, USED, "code-used")], final=[USED])
CONSENT = StateMachine("app-consent", ACTIVE, [
    Edge(ACTIVE, REVOKED, "consent-revoked"), Edge(REVOKED, ACTIVE, "consent-given")])
