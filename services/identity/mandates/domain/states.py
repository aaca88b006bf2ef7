"""The states of a mandate."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

MANDATE_CHANGED = "mandate-changed"

PROPOSED, ACTIVE, SUSPENDED = "proposed", "active", "suspended"
REFUSED, REVOKED, EXPIRED, ENDED = "refused", "revoked", "expired", "ended"
OPEN = (PROPOSED, ACTIVE, SUSPENDED)
"""States that a mandate may still leave."""

MANDATE = StateMachine(
    "mandate",
    initial=PROPOSED,
    edges=[
        Edge(PROPOSED, ACTIVE, MANDATE_CHANGED),
        Edge(PROPOSED, REFUSED, MANDATE_CHANGED),
        Edge(ACTIVE, SUSPENDED, MANDATE_CHANGED),
        Edge(SUSPENDED, ACTIVE, MANDATE_CHANGED),
        *(Edge(state, target, MANDATE_CHANGED) for state in OPEN for target in (REVOKED, EXPIRED, ENDED)),
    ],
    final=[REFUSED, REVOKED, EXPIRED, ENDED],
)
LABELS = {
    PROPOSED: Bilingual("Waiting for acceptance", "待接受"), ACTIVE: Bilingual("In force", "有效"),
    SUSPENDED: Bilingual("Suspended", "已中止"), REFUSED: Bilingual("Refused", "已拒绝"),
    REVOKED: Bilingual("Revoked", "已撤销"), EXPIRED: Bilingual("Expired", "已到期"),
    ENDED: Bilingual("Ended", "已终止"),
}
