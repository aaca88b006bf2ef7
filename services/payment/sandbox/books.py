"""State of the sandbox: payments and refunds, in memory."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any


class Refusal(Exception):
    """The provider says no. code: for programs; status: of HTTP."""

    def __init__(self, code: str, message: str, status: int = 409) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass
class Payment:
    """state: unpaid, paid, failed or closed. expires_at: after it the page takes no money. paid_at: None until it was.
    """

    prepay_id: str
    out_trade_no: str
    amount_minor: int
    currency: str
    description: str
    attach: str
    expires_at: datetime
    return_url: str | None
    notify_url: str
    state: str = "unpaid"
    trade_no: str = ""
    paid_at: datetime | None = None

    def can_be_paid(self) -> bool:
        return self.state == "unpaid" and datetime.now(UTC) < self.expires_at


@dataclass
class Refund:
    """state: processing, succeeded or failed. accepted_at: when the merchant asked for it."""

    refund_id: str
    payment: Payment
    amount_minor: int
    notify_url: str
    state: str = "processing"
    failure: str | None = None
    accepted_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Books:
    def __init__(self) -> None:
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}
        self._by_prepay_id: dict[str, Payment] = {}

    def prepay(self, request: dict[str, Any], notify_url: str) -> Payment:
        """The same merchant's number gives the same payment; another amount under it is refused."""
        known = self.payments.get(request["out_trade_no"])
        if known is not None:
            if (known.amount_minor, known.currency) != (request["amount_minor"], request["currency"]):
                raise Refusal("OUT_TRADE_NO_USED", "out_trade_no was used with another amount; use a new one")
            return known
        payment = Payment(
            prepay_id=token_hex(16), notify_url=notify_url,
            **{name: request[name] for name in (
                "out_trade_no", "amount_minor", "currency", "description", "attach", "expires_at", "return_url",
            )},
        )
        self.payments[payment.out_trade_no] = self._by_prepay_id[payment.prepay_id] = payment
        return payment

    def of_page(self, prepay_id: str) -> Payment | None:
        return self._by_prepay_id.get(prepay_id)

    def pay(self, payment: Payment) -> bool:
        """False when it is too late, or done already."""
        if not payment.can_be_paid():
            return False
        payment.state, payment.trade_no, payment.paid_at = "paid", f"sbx{token_hex(12)}", datetime.now(UTC)
        return True

    def give_up(self, payment: Payment) -> bool:
        if not payment.can_be_paid():
            return False
        payment.state, payment.trade_no = "failed", f"sbx{token_hex(12)}"
        return True

    def close(self, out_trade_no: str) -> Payment:
        """Nobody pays it any more; closed or given up before is no mistake."""
        payment = self.payments.get(out_trade_no)
        if payment is None:
            raise Refusal("TRADE_UNKNOWN", "there is no such trade")
        if payment.state == "paid":
            raise Refusal("TRADE_PAID", "the trade is paid; only an unpaid one can be closed")
        if payment.state == "unpaid":
            payment.state = "closed"
        return payment

    def refund(self, request: dict[str, Any], notify_url: str) -> tuple[Refund, bool]:
        """The refund, and whether it is new. Never above what was paid."""
        known = self.refunds.get(request["refund_id"])
        if known is not None:
            if known.amount_minor != request["amount_minor"]:
                raise Refusal("REFUND_ID_USED", "refund_id was used with another amount; use a new one")
            return known, False
        payment = self.payments.get(request["out_trade_no"])
        if payment is None or payment.state != "paid" or payment.trade_no != request["trade_no"]:
            raise Refusal("TRADE_NOT_PAID", "there is no such paid trade; only a paid one can be refunded")
        if self._refunded(payment) + request["amount_minor"] > payment.amount_minor:
            raise Refusal("REFUND_TOO_LARGE", "refunds together are above what was paid")
        refund = Refund(request["refund_id"], payment, request["amount_minor"], notify_url)
        self.refunds[refund.refund_id] = refund
        return refund, True

    def _refunded(self, payment: Payment) -> int:
        return sum(
            each.amount_minor for each in self.refunds.values() if each.payment is payment and each.state != "failed"
        )
