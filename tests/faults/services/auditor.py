"""Hears what was kept and what was paid: one effect an event."""
from __future__ import annotations

from shared_components.bus import Transactions, on_event
from shared_components.kernel.calls import Event
from tests.faults.services.effects import NOTES, EffectsProvider, EffectsTransaction, end_if_told, note


class Auditor:
    name = "auditor"
    transactions = EffectsProvider()

    @on_event("till", "kept")
    def on_kept(self, tx: EffectsTransaction, event: Event) -> None:
        key, fails = event.data["key"], event.data.get("fails", 0)
        note(f"heard {key} {event.aggregate} {event.sequence}")
        end_if_told(key)
        tx.add(event.tenant, key, event.data.get("aggregate", ""), event.sequence)
        # the bus tries an event twice a delivery when it comes alone, and in a group as often as halves it is found in
        if fails and _heard(key) <= 2 * fails:
            raise RuntimeError("the handler fails, as it was told to")

    @on_event("payment", "order-paid")
    def on_paid(self, tx: EffectsTransaction, event: Event) -> None:
        tx.add(event.tenant, event.data["order_id"])


class Clerk:
    """The same for a handler that talks to the outside: called once a delivery, outside of any transaction."""

    name = "clerk"
    transactions = EffectsProvider()

    @on_event("till", "kept", own_transactions=True)
    def on_kept(self, transactions: Transactions, event: Event) -> None:
        key, fails = event.data["key"], event.data.get("fails", 0)
        note(f"wrote {key}")
        if fails and _heard(key, "wrote") <= fails:
            raise RuntimeError("the handler fails, as it was told to")
        with transactions.begin(event.tenant) as tx:
            tx.add(event.tenant, key)


def _heard(key: str, what: str = "heard") -> int:
    with open(NOTES) as notes:
        return sum(line.split()[:2] == [what, key] for line in notes)
