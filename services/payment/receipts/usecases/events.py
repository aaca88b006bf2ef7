"""Record what happens to receipts among the events that leave with the commit."""
from __future__ import annotations

import logging
from collections.abc import Sequence

from services.payment.receipts.domain.receipt import Receipt
from services.payment.receipts.usecases.views import receipt_view
from shared_components.kernel.transactions import HasEvents

log = logging.getLogger(__name__)


def emit_issued(tx: HasEvents, receipt: Receipt) -> None:
    tx.events.record(
        "receipt-issued", aggregate=receipt.receipt_id, tenant=receipt.tenant, sequence=1,
        data={**receipt_view(receipt), "refund_id": receipt.refund_id},
    )


def emit_exhausted(tx: HasEvents, waiting: Sequence[Receipt]) -> None:
    """A work item for whoever puts ranges: the event, the log, and the receipt in list_receipts(state=waiting).

    waiting: of one collecting unit.
    """
    for receipt in waiting:
        tx.events.record(
            "receipt-numbers-exhausted", aggregate=receipt.receipt_id, tenant=receipt.tenant,
            data={"receipt_id": receipt.receipt_id, "collecting_unit": receipt.collecting_unit},
        )
    if waiting:
        log.warning("payment.receipt.waiting", extra={
            "collecting_unit": waiting[0].collecting_unit, "receipts": len(waiting)})
