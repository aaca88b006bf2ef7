"""Verify what is printed on a receipt."""
from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from services.payment.receipts.domain.ports import HasReceipts
from services.payment.receipts.domain.receipt import GUESS_WINDOW, BillNumber, Guesser, Receipt
from shared_components.kernel.transactions import Transactions

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class VerifiedReceiptView(TypedDict):
    """A receipt that is not genuine has `genuine` false, and no other facts."""

    genuine: bool
    kind: str | None
    amount_minor: int | None
    red_minor: int | None
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerifyReceipt:
    bill_code: str
    bill_number: str
    check_code: str


def verify_receipt(
    transactions: Transactions[HasReceipts], command: VerifyReceipt, context: CallContext
) -> VerifiedReceiptView:
    """A wrong check code and a number that was never given look the same, also after too many guesses.

    Only a wrong code writes anything; a right one costs one more look-up by key. Raises TooManyGuesses.
    """
    tenant, now = context.tenant, transactions.clock.now()
    guesser = Guesser(tenant, context.caller, BillNumber(command.bill_code, int(command.bill_number)))
    with transactions.begin(tenant) as tx:
        earlier = tx.receipts.guesses(guesser)
        if earlier is not None:
            earlier.check(now)
        receipt = tx.receipts.numbered(context, guesser.number)
        same = _is_code_of(receipt, command.check_code.lower())
        if receipt is None or not same:
            tx.receipts.count_guess(guesser, now)
            return {"genuine": False, "kind": None, "amount_minor": None, "red_minor": None, "issued_at": None}
        return {
            "genuine": True, "kind": receipt.kind, "amount_minor": receipt.signed_amount_minor,
            "red_minor": tx.receipts.red_minor(receipt.receipt_id), "issued_at": receipt.issued_at,
        }


def _is_code_of(receipt: Receipt | None, given: str) -> bool:
    """In the same time for every code and every number, there or not."""
    known = receipt.check_code if receipt is not None and receipt.check_code is not None else ""
    return hmac.compare_digest(hashlib.sha256(known.encode()).digest(), hashlib.sha256(given.encode()).digest())


def forget_guesses(transactions: Transactions[HasReceipts]) -> None:
    with transactions.begin() as tx:
        tx.receipts.forget_guesses(transactions.clock.now() - GUESS_WINDOW)
