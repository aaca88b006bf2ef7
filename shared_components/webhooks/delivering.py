"""From an event to the app's endpoint: kept first, sent outside of every transaction, at least once."""
from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock, HasEvents, Transactions
from shared_components.observability.failures import log_failure
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.ports import HasDeliveries, HasWebhooks, Signer, WebhookSender
from shared_components.webhooks.webhook import Delivery, Sent, Webhook

if TYPE_CHECKING:
    from shared_components.kernel.calls import Event

log = logging.getLogger(__name__)

SECRET_LOST, NOT_SENT, NOT_NOTED = "secret-lost", "not-sent", "not-noted"
"""Failures that are ours and not the endpoint's: an undecryptable secret, a bug, an outcome that was not stored."""
KEEP = timedelta(days=90)
FORGET_BATCH = 500


class DeliverWebhookTx(HasClock, HasDeliveries, HasEvents, HasWebhooks, Protocol):
    """Ports that `deliver` uses."""


class ForgetDeliveriesTx(HasClock, HasDeliveries, Protocol):
    """Ports that `forget_old` uses."""


def new_deliveries(event: Event, about: str, webhook_ids: Sequence[str], now: datetime) -> list[Delivery]:
    """One for each webhook. about: id of the thing that the event is about."""
    if not webhook_ids:
        return []
    body = json.dumps(
        {
            "id": event.id, "type": event.type, "version": event.version, "occurred_at": event.occurred_at.isoformat(),
            "sequence": event.sequence, "data": event.data,
        },
        ensure_ascii=False, separators=(",", ":"),
    )
    return [
        Delivery(
            delivery_id=new_id("whd"), tenant=event.tenant, webhook_id=webhook_id, event_id=event.id,
            event_type=event.type, about=about, body=body, state=hooks.DELIVERY.initial,
            created_at=now, next_attempt_at=now, begun_at=now,
        )
        for webhook_id in webhook_ids
    ]


def deliver(
    transactions: Transactions[DeliverWebhookTx],
    sender: WebhookSender,
    sign: Signer,
    delivery: Delivery,
    webhook: Webhook,
) -> None:
    """One attempt of a claimed delivery, and its outcome.

    Whatever goes wrong is this delivery's failed attempt. One that cannot even be noted: its claim runs out.
    """
    sent = _attempt(transactions, sender, sign, delivery, webhook)
    for outcome in (sent, Sent(sent.status, NOT_NOTED, sent.duration_ms)):
        try:
            with transactions.begin(delivery.tenant) as tx:
                _note(tx, delivery, outcome)
            break
        except Exception as error:
            log_failure(log, "webhooks.delivery.not_noted", error, delivery_id=delivery.delivery_id)
    log.info("webhooks.delivery.sent", extra={
        "webhook_id": webhook.webhook_id, "delivery_id": delivery.delivery_id, "event_type": delivery.event_type,
        "status": sent.status, "failure": sent.failure, "duration_ms": sent.duration_ms,
    })


def _attempt(
    transactions: Transactions[DeliverWebhookTx],
    sender: WebhookSender,
    sign: Signer,
    delivery: Delivery,
    webhook: Webhook,
) -> Sent:
    if webhook.secret is None:
        return Sent(None, SECRET_LOST, 0)
    try:
        body = delivery.body.encode()
        signed = sign(body, key_id=webhook.key_id, key=webhook.secret.encode(), at=transactions.clock.now())
        return sender.send(webhook.address, {**hooks.headers_of(delivery), **signed}, body)
    except Exception as error:
        log_failure(log, "webhooks.delivery.not_sent", error, delivery_id=delivery.delivery_id)
        return Sent(None, NOT_SENT, 0)


def _note(tx: DeliverWebhookTx, delivery: Delivery, sent: Sent) -> None:
    now = tx.clock.now()
    # As it is now: it may have heard something else meanwhile, or be gone.
    webhook = tx.webhooks.get(delivery.tenant, delivery.webhook_id)
    if webhook is None:
        return
    outcome = hooks.judge(delivery, webhook, sent, now)
    noted = tx.deliveries.conclude(delivery, sent, outcome, now)
    if sent.taken:
        tx.webhooks.succeeded(webhook.webhook_id, now)
    elif noted and outcome.suspend and tx.webhooks.suspend(webhook.webhook_id, now):
        _tell_suspended(tx, webhook, sent)


def _tell_suspended(tx: HasEvents, webhook: Webhook, sent: Sent) -> None:
    hooks.WEBHOOK.move(hooks.ACTIVE, hooks.SUSPENDED)
    tx.events.record(
        "webhook-suspended", aggregate=webhook.webhook_id, tenant=webhook.tenant,
        data={"webhook_id": webhook.webhook_id, "app": webhook.app, "failure": sent.failure, "status": sent.status},
    )
    log.warning("webhooks.delivery.suspended", extra={"webhook_id": webhook.webhook_id, "failure": sent.failure})


def forget_old(transactions: Transactions[ForgetDeliveriesTx]) -> int:
    """Drop the log of what was concluded long ago, a little at a time."""
    with transactions.begin() as tx:
        return int(tx.deliveries.forget(tx.clock.now() - KEEP, FORGET_BATCH))


