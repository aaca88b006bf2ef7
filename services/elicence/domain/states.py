"""The life of a licence as a table: an edge names the event that it emits."""
from __future__ import annotations

from collections.abc import Mapping

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

ISSUED, SUSPENDED, EXPIRED, SUPERSEDED = "issued", "suspended", "expired", "superseded"
REVOKED, CANCELLED, WITHDRAWN, TRANSFERRED = "revoked", "cancelled", "withdrawn", "transferred"
UNKNOWN = "unknown"
"""No state of a licence: what verification answers when there is none."""

LICENCE_ISSUED, LICENCE_SUPERSEDED, STATE_CHANGED = "licence-issued", "licence-superseded", "licence-state-changed"

LICENCE = StateMachine(
    "licence",
    ISSUED,
    [
        Edge(ISSUED, SUSPENDED, STATE_CHANGED),
        Edge(ISSUED, EXPIRED, STATE_CHANGED),
        Edge(ISSUED, SUPERSEDED, LICENCE_SUPERSEDED),
        Edge(ISSUED, REVOKED, STATE_CHANGED),
        Edge(ISSUED, CANCELLED, STATE_CHANGED),
        Edge(ISSUED, WITHDRAWN, STATE_CHANGED),
        Edge(ISSUED, TRANSFERRED, STATE_CHANGED),
        Edge(SUSPENDED, ISSUED, STATE_CHANGED),
        Edge(SUSPENDED, EXPIRED, STATE_CHANGED),
        Edge(SUSPENDED, REVOKED, STATE_CHANGED),
        Edge(SUSPENDED, CANCELLED, STATE_CHANGED),
        Edge(SUSPENDED, WITHDRAWN, STATE_CHANGED),
        # A renewal may come late, and what was wrongly granted is revoked even after its end.
        Edge(EXPIRED, SUPERSEDED, LICENCE_SUPERSEDED),
        Edge(EXPIRED, REVOKED, STATE_CHANGED),
        Edge(EXPIRED, CANCELLED, STATE_CHANGED),
    ],
    final=[SUPERSEDED, REVOKED, CANCELLED, WITHDRAWN, TRANSFERRED],
)

ACTIVE = frozenset({ISSUED, SUSPENDED})
"""One of these a holder, type and scope."""

RENEWABLE = frozenset({ISSUED, EXPIRED})

LABELS: Mapping[str, Bilingual] = {
    ISSUED: Bilingual("Valid", "有效"),
    SUSPENDED: Bilingual("Suspended", "暂停使用"),
    EXPIRED: Bilingual("Expired", "已过有效期"),
    SUPERSEDED: Bilingual("Superseded", "失效"),
    REVOKED: Bilingual("Revoked", "撤销"),
    CANCELLED: Bilingual("Cancelled", "注销"),
    WITHDRAWN: Bilingual("Withdrawn", "吊销"),
    TRANSFERRED: Bilingual("Transferred", "转出"),
    UNKNOWN: Bilingual("Not found", "未查到"),
}

FEED_CODES: Mapping[str, str] = {
    REVOKED: "03",
    CANCELLED: "04",
    EXPIRED: "05",
    SUPERSEDED: "05",
    TRANSFERRED: "06",
    WITHDRAWN: "07",
    SUSPENDED: "99",
}
"""The state codes seen in a national feed; it has none for a licence that is valid."""
