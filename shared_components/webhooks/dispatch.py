"""Send what is due to webhooks, side by side, each endpoint and tenant behind a bulkhead of its own."""
from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from time import monotonic

from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import Transactions
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.bulkheads import PER_TENANT, PER_WEBHOOK, Bulkheads
from shared_components.webhooks.delivering import DeliverWebhookTx, deliver
from shared_components.webhooks.ports import Signer, WebhookSender
from shared_components.webhooks.webhook import Delivery, Webhook

log = logging.getLogger(__name__)

IDLE_S = 0.5
"""So long a run waits for an attempt to end; slower ones go on without it, and the next run finds them counted."""
Claimed = tuple[Delivery, Webhook]


class WebhookDispatcher:
    """One a process. Attempts outlive the run that began them; whoever dies here has lost nothing: claims run out."""

    def __init__(self, transactions: Transactions[DeliverWebhookTx], sender: WebhookSender, sign: Signer) -> None:
        self._transactions = transactions
        self._sender = sender
        self._sign = sign
        self._bulkheads = Bulkheads()
        self._changed = threading.Condition()
        # Counts what may have made room, or work.
        self._changes = 0
        self._asked = self._running = self._stopping = False

    def run(self) -> int:
        """Begin everything that is due and has room, until nothing more is; how many attempts were begun."""
        begun = 0
        while not self._stopping:
            seen = self._changes
            claimed = self._claim()
            begun += len(claimed)
            for one in claimed:
                threading.Thread(target=self._attempt, args=one, daemon=True).start()
            if not claimed and not self._wait_for_change(seen):
                break
        return begun

    def soon(self) -> None:
        """Begin what has just been committed, without waiting for the next run by the timer; one such run at a time."""
        with self._changed:
            self._asked = True
            self._changes += 1
            self._changed.notify_all()
            if self._running or self._stopping:
                return
            self._running = True
        threading.Thread(target=self._run_asked, daemon=True).start()

    def _run_asked(self) -> None:
        while self._is_asked():
            try:
                self.run()
            except AppError as error:
                log.warning("webhooks.run.postponed", extra={"code": error.code})  # the timer's run finds them
            except Exception:
                log.exception("webhooks.run.failed")

    def _is_asked(self) -> bool:
        with self._changed:
            asked, self._asked = self._asked and not self._stopping, False
            self._running = asked
            return asked

    def finish(self, within_s: float) -> bool:
        """Begin no more; wait for what is under way. False when something still is."""
        self._stopping = True
        with self._changed:
            return self._changed.wait_for(lambda: not self._bulkheads.under_way, within_s)

    def _claim(self) -> Sequence[Claimed]:
        """Claim the deliveries that have room now. Each is begun at once, so that its claim outlasts it."""
        with self._changed:
            room, tenants = self._bulkheads.room, self._bulkheads.full_tenants()
            webhooks = self._bulkheads.full_webhooks()
        if room <= 0:
            return []
        with self._transactions.begin() as tx:
            now = tx.clock.now()
            due = tx.deliveries.due(
                now, limit=room, per_webhook=PER_WEBHOOK, per_tenant=PER_TENANT, not_tenants=tenants,
                not_webhooks=webhooks)
            with self._changed:
                chosen = {one.delivery_id for one in due if self._bulkheads.enter(one)}
            try:
                claimed = tx.deliveries.claim(chosen, now, until=now + hooks.CLAIM) if chosen else []
            except BaseException:
                self._leave(chosen)
                raise
        self._leave(chosen - {delivery.delivery_id for delivery, _ in claimed})
        return claimed

    def _attempt(self, delivery: Delivery, webhook: Webhook) -> None:
        began = monotonic()
        try:
            deliver(self._transactions, self._sender, self._sign, delivery, webhook)
        finally:
            self._leave([delivery.delivery_id], took_s=monotonic() - began)

    def _leave(self, delivery_ids: Collection[str], *, took_s: float = 0.0) -> None:
        if not delivery_ids:
            return
        with self._changed:
            for delivery_id in delivery_ids:
                self._bulkheads.leave(delivery_id, took_s=took_s)
            self._changes += 1
            self._changed.notify_all()

    def _wait_for_change(self, seen: int) -> bool:
        """Tell whether an attempt has ended since, so that there may be room for another one, or one was asked for."""
        with self._changed:
            if not self._bulkheads.under_way:
                return self._changes != seen
            return self._changed.wait_for(lambda: self._changes != seen, IDLE_S)
