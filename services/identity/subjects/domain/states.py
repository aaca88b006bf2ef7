"""The states of a subject."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

ACTIVE, FROZEN, CLOSED = "active", "frozen", "closed"
STATE_CHANGED = "subject-state-changed"

SUBJECT = StateMachine(
    "subject",
    initial=ACTIVE,
    edges=[
        Edge(ACTIVE, FROZEN, STATE_CHANGED),
        Edge(FROZEN, ACTIVE, STATE_CHANGED),
        Edge(ACTIVE, CLOSED, STATE_CHANGED),
        Edge(FROZEN, CLOSED, STATE_CHANGED),
    ],
    final=[CLOSED],
)
LABELS = {ACTIVE: Bilingual("Active", "正常"), FROZEN: Bilingual("Frozen", "冻结"), CLOSED: Bilingual("Closed", "注销")}
