"""A carrier in memory that keeps the port's promises, and the numbers that simulate outcomes."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from services.notification.carriers.adapters.pool import CarrierPool
from services.notification.carriers.domain.carrier import Callback, CarrierText, Outcome, Receipt
from services.notification.carriers.domain.errors import ReceiptNotAuthentic
from services.notification.sandbox.books import Books
from shared_components.testing.ports.carriers import BUSY, DELIVERED, FAILED, GONE, PHONE_OFF, REFUSED, SILENT

__all__ = [
    "BUSY", "DELIVERED", "FAILED", "GONE", "PHONE_OFF", "REFUSED", "SILENT", "FakeCarrier", "fails", "pool_of",
    "times_out", "times_out_after_work",
]
Answering = Callable[["FakeCarrier", Sequence[CarrierText]], list[Outcome]]


class FakeCarrier:
    """Takes texts as the sandbox does. answering: what it answers instead, for as long as it is set."""

    group_size = 100

    def __init__(self, name: str = "sandbox", *, can_ask: bool = True) -> None:
        self.name, self.can_ask = name, can_ask
        self.books = Books()
        self.requests = 0
        self.answering: Answering | None = None

    def send(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        self.requests += 1
        return self.take(texts) if self.answering is None else self.answering(self, texts)

    def take(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        outcomes = []
        for text in texts:
            answer, _ = self.books.take({
                "message_id": text.message_id, "number": text.number, "signature": text.route.signature,
                "body": text.body})
            code = answer.get("code", "")
            outcomes.append(Outcome(
                answer["verdict"], f"{self.name}-{code}" if code else "", answer.get("reference", "")))
        return outcomes

    def ask(self, texts: Sequence[CarrierText]) -> list[Receipt | Literal["unknown"] | None]:
        self.requests += 1
        return [self._told(text.message_id) for text in texts]

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        if token != "good":
            raise ReceiptNotAuthentic
        return Callback([Receipt(self.name, **receipt) for receipt in json.loads(body)])

    def stop(self) -> None:
        """Keeps nothing."""

    def receipt(self, message_id: str, state: str | None = None, code: str = "") -> dict[str, Any]:
        """The receipt of a text that it took last; state: None: what the number simulates."""
        text = self.books.texts[message_id]
        end = self.books.receipt_of(text) or ("sent", "")
        return {"message_id": message_id, "reference": text.reference, "state": state or end[0],
                "code": code if state else end[1]}

    def bodies(self) -> list[str]:
        return [text.body for text in self.books.texts.values()]

    @property
    def times(self) -> Counter[str]:
        return self.books.times

    def _told(self, message_id: str) -> Receipt | None:
        text = self.books.texts.get(message_id)
        return None if text is None else Receipt(self.name, message_id, text.reference, "sent")


def pool_of(*carriers: FakeCarrier, filing: bool = False, most_at_once: int = 8) -> CarrierPool:
    """A pool with exactly these carriers, in this order."""
    settings: dict[str, Any] = {"signature": "政务服务", "most_at_once": most_at_once}
    settings |= {carrier.name: {"filing": filing} for carrier in carriers}
    by_name = {carrier.name: carrier for carrier in carriers}

    def maker(name: str) -> Callable[[Mapping[str, Any]], FakeCarrier]:
        return lambda _section: by_name[name]

    return CarrierPool(settings, {name: maker(name) for name in by_name})


def times_out_after_work(carrier: FakeCarrier, texts: Sequence[CarrierText]) -> list[Outcome]:
    carrier.take(texts)
    return [Outcome("unknown", "provider-timeout")] * len(texts)


def times_out(carrier: FakeCarrier, texts: Sequence[CarrierText]) -> list[Outcome]:
    return [Outcome("unknown", "provider-timeout")] * len(texts)


def fails(carrier: FakeCarrier, texts: Sequence[CarrierText]) -> list[Outcome]:
    return [Outcome("failed", "provider-unreachable")] * len(texts)
