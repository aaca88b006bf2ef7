"""The states of sessions, grants, refresh tokens and signing keys."""
from __future__ import annotations

from shared_components.kernel.states import Edge, StateMachine

ACTIVE, ENDED, REVOKED, USED, RETIRED = "active", "ended", "revoked", "used", "retired"
# No event is published for these: their endings travel in the feed.
SESSION = StateMachine("session", ACTIVE, [Edge(ACTIVE, ENDED, "session-ended")], final=[ENDED])
GRANT = StateMachine("token-grant", ACTIVE, [Edge(ACTIVE, REVOKED, "grant-revoked")], final=[REVOKED])
REFRESH_TOKEN = StateMachine("refresh-token", ACTIVE, [Edge(ACTIVE, USED, "token-used")], final=[USED])
SIGNING_KEY = StateMachine(
    "signing-key", ACTIVE, [Edge(ACTIVE, RETIRED, "key-retired"), Edge(ACTIVE, REVOKED, "key-revoked")],
    final=[RETIRED, REVOKED])
