"""Issue receipts that wait for a number."""
from __future__ import annotations

import logging

from services.payment.receipts.usecases.events import emit_issued
from services.payment.receipts.usecases.issue_receipts import IssueReceiptsTx, numbered
from shared_components.kernel.transactions import Transactions
from shared_components.observability.failures import log_failure

log = logging.getLogger(__name__)

BATCH = 200


def issue_for_unit(tx: IssueReceiptsTx, tenant: str, collecting_unit: str) -> int:
    waiting = tx.receipts.lock_waiting(tenant, collecting_unit, BATCH)
    numbers = tx.receipts.take_numbers(tenant, collecting_unit, len(waiting))
    for receipt, number in zip(waiting, numbers, strict=False):
        done = numbered(tx, receipt, number)
        tx.receipts.issue(done)
        emit_issued(tx, done)
    return len(numbers)


def issue_waiting(transactions: Transactions[IssueReceiptsTx]) -> None:
    """Issue what a new range could not serve within its own call."""
    with transactions.begin() as tx:
        waiting = tx.receipts.waiting_units()
    for tenant, collecting_unit in waiting:
        try:
            with transactions.begin(tenant) as tx:
                issue_for_unit(tx, tenant, collecting_unit)
        except Exception as error:  # of this collecting unit alone: its receipts wait for the next run
            log_failure(log, "payment.receipt.put_off", error, tenant=tenant, collecting_unit=collecting_unit)
