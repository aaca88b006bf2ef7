"""The life of an order and of a refund, as tables: an edge names the event that it emits."""
from __future__ import annotations

from shared_components.kernel.states import Edge, StateMachine

CREATED, PENDING, PAID = "created", "pending", "paid"
PARTIALLY_REFUNDED, REFUNDED = "partially_refunded", "refunded"
CLOSED, EXPIRED, FAILED = "closed", "expired", "failed"

ORDER = StateMachine(
    "order",
    CREATED,
    [
        Edge(CREATED, PENDING, "payment-started"),
        Edge(CREATED, CLOSED, "order-closed"),
        Edge(CREATED, EXPIRED, "order-closed"),
        Edge(PENDING, CLOSED, "order-closed"),
        Edge(PENDING, EXPIRED, "order-closed"),
        # Only the channel's answer to a question fails an order: callbacks come in any order, and one that says
        # "failed" may be older than the money.
        Edge(PENDING, FAILED, "order-closed"),
        Edge(PENDING, PAID, "order-paid"),
        # The page can be paid before our own record of having started it is committed.
        Edge(CREATED, PAID, "order-paid"),
        Edge(PAID, PARTIALLY_REFUNDED, "order-refunded"),
        Edge(PAID, REFUNDED, "order-refunded"),
        Edge(PARTIALLY_REFUNDED, PARTIALLY_REFUNDED, "order-refunded"),
        Edge(PARTIALLY_REFUNDED, REFUNDED, "order-refunded"),
    ],
    final=[CLOSED, EXPIRED, FAILED, REFUNDED],
)

PAYABLE = frozenset({CREATED, PENDING})
"""The states in which money that arrives pays the order; in all others it goes to suspense."""
REFUNDABLE = frozenset({PAID, PARTIALLY_REFUNDED})

REQUESTED, SUBMITTED, SUCCEEDED, REFUSED = "requested", "submitted", "succeeded", "failed"

REFUND = StateMachine(
    "refund",
    REQUESTED,
    [
        # No event is published on this edge: nobody outside waits for our own note. An edge cannot be without a name.
        Edge(REQUESTED, SUBMITTED, "refund-submitted"),
        # The channel's callback can overtake our own note that we have asked.
        Edge(REQUESTED, SUCCEEDED, "refund-succeeded"),
        Edge(REQUESTED, REFUSED, "refund-failed"),
        Edge(SUBMITTED, SUCCEEDED, "refund-succeeded"),
        Edge(SUBMITTED, REFUSED, "refund-failed"),
    ],
    final=[SUCCEEDED, REFUSED],
)

REFUND_OPEN = frozenset({REQUESTED, SUBMITTED})
