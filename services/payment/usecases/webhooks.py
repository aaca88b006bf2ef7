"""Set up webhooks, look at what was sent, send it again."""
from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from services.payment.domain import webhook as hooks
from services.payment.domain.ports import HasDeliveries, HasWebhooks, HasWebhookTargets
from services.payment.domain.webhook import Delivery, Webhook
from services.payment.domain.webhook_errors import DeliveryUnknown, WebhookOwnerRefused, WebhooksTooMany, WebhookUnknown
from shared_components.kernel.apps import BEFORE_APPS, is_app
from shared_components.kernel.ids import new_id
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

WEBHOOKS = PagedList[str]("payment.list_webhooks", str)
DELIVERIES = PagedList[str]("payment.list_deliveries", str)

OPERATOR = "operator"
MOST_PER_APP = 20


@dataclass(frozen=True, slots=True)
class PutWebhook:
    url: str
    webhook_id: str | None = None
    app: str | None = None
    events: Sequence[str] = hooks.EVENTS
    rotate_secret: bool = False


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    webhook_id: str


@dataclass(frozen=True, slots=True)
class ListWebhooks:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    webhook_id: str | None = None
    order_id: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ResendWebhook:
    delivery_id: str


class PutWebhookTx(HasClock, HasWebhookTargets, HasWebhooks, Protocol):
    """Ports that `put_webhook` uses."""


class ResendWebhookTx(HasClock, HasDeliveries, HasWebhooks, Protocol):
    """Ports that `resend_webhook` uses."""


def put_webhook(tx: PutWebhookTx, command: PutWebhook, context: CallContext) -> Mapping[str, Any]:
    """Make one, or change one: the change resumes a suspended one. The secret is in this reply and never again."""
    tx.webhook_targets.target(command.url)
    if command.webhook_id is None:
        webhook = _new(tx, command, context)
        tx.webhooks.add(webhook)
        return {**_view(webhook), "secret": webhook.secret}
    known = _own(tx, context, command.webhook_id)
    if known.app == BEFORE_APPS and is_app(context.caller):
        known = replace(known, app=context.caller)  # who changes one of before apps had names makes it its own
    rotate = command.rotate_secret
    webhook = replace(
        known, url=command.url, events=command.events, state=hooks.ACTIVE, suspended_at=None,
        secret=_secret() if rotate else known.secret, secret_version=known.secret_version + rotate,
    )
    tx.webhooks.save(webhook)
    return {**_view(webhook), "secret": webhook.secret if rotate else None}


def remove_webhook(tx: HasWebhooks, command: RemoveWebhook, context: CallContext) -> Mapping[str, Any]:
    webhook = _own(tx, context, command.webhook_id)
    tx.webhooks.remove(webhook.webhook_id)
    return _view(webhook)


def list_webhooks(tx: HasWebhooks, command: ListWebhooks, context: CallContext) -> Mapping[str, Any]:
    apps = _only_own(context)
    page = WEBHOOKS.asked(command, context.tenant, *(apps or ()))
    found = tx.webhooks.page(context.tenant, apps=apps, after=page.after, limit=page.fetch)
    return page.reply(found, view=_view, key=lambda webhook: webhook.webhook_id)


def list_deliveries(tx: HasDeliveries, command: ListDeliveries, context: CallContext) -> Mapping[str, Any]:
    """Without bodies: what they say is the app's."""
    apps = _only_own(context)
    page = DELIVERIES.asked(command, context.tenant, *(apps or ()))
    found = tx.deliveries.page(
        context.tenant, apps=apps, webhook_id=command.webhook_id, order_id=command.order_id,
        state=command.state, before=page.after, limit=page.fetch,
    )
    return page.reply(found, view=_delivery, key=lambda delivery: delivery.delivery_id)


def resend_webhook(tx: ResendWebhookTx, command: ResendWebhook, context: CallContext) -> Mapping[str, Any]:
    """The same event id and body once more, signed anew, with all its attempts before it."""
    tenant, delivery_id = context.tenant, command.delivery_id
    delivery = tx.deliveries.get(tenant, delivery_id)
    if delivery is None:
        raise _no_delivery(delivery_id)
    try:
        _own(tx, context, delivery.webhook_id)
    except WebhookUnknown:
        raise _no_delivery(delivery_id) from None
    if delivery.state != hooks.PENDING:
        hooks.DELIVERY.move(delivery.state, hooks.PENDING)
    tx.deliveries.repeat(delivery_id, tx.clock.now())
    again = tx.deliveries.get(tenant, delivery_id)
    assert again is not None
    return _delivery(again)


def _new(tx: PutWebhookTx, command: PutWebhook, context: CallContext) -> Webhook:
    tenant, caller = context.tenant, context.caller
    app = command.app if caller == OPERATOR else caller
    if caller != OPERATOR and command.app not in (None, caller):
        raise WebhookOwnerRefused(f"app is {command.app!r}; caller {caller!r} makes webhooks for itself only")
    if tx.webhooks.count_alone(tenant, app) >= MOST_PER_APP:
        raise WebhooksTooMany(
            f"there are {MOST_PER_APP} webhooks already, and no more are allowed; change or remove one",
            details={"limit": MOST_PER_APP},
        )
    return Webhook(
        webhook_id=new_id("whk"), tenant=tenant, app=app, url=command.url, events=command.events, secret=_secret(),
        secret_version=1, state=hooks.WEBHOOK.initial, created_at=tx.clock.now(),
    )


def _secret() -> str:
    return f"whs_{secrets.token_urlsafe(32)}"


def _only_own(context: CallContext) -> tuple[str, ...] | None:
    """None: of all apps, which is for operators."""
    return None if context.caller == OPERATOR else context.makers or (context.caller,)


def _own(tx: HasWebhooks, context: CallContext, webhook_id: str) -> Webhook:
    webhook = tx.webhooks.get(context.tenant, webhook_id)
    own = _only_own(context)
    if webhook is None or (own is not None and webhook.app not in own):
        raise WebhookUnknown(f"webhook {webhook_id!r} does not exist; list_webhooks gives those that do")
    return webhook


def _no_delivery(delivery_id: str) -> DeliveryUnknown:
    return DeliveryUnknown(f"delivery {delivery_id!r} does not exist; list_deliveries gives those that do")


def _view(webhook: Webhook) -> Mapping[str, Any]:
    return {
        "webhook_id": webhook.webhook_id,
        "app": webhook.app,
        "url": webhook.url,
        "events": list(webhook.events),
        "key_id": webhook.key_id,
        "state": webhook.state,
        "created_at": webhook.created_at,
        "last_success_at": webhook.last_success_at,
        "suspended_at": webhook.suspended_at,
    }


def _delivery(delivery: Delivery) -> Mapping[str, Any]:
    return {
        "delivery_id": delivery.delivery_id,
        "webhook_id": delivery.webhook_id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "order_id": delivery.order_id,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at if delivery.state == hooks.PENDING else None,
        "delivered_at": delivery.delivered_at,
        "last_status": delivery.last_status,
        "last_failure": delivery.last_failure,
    }
