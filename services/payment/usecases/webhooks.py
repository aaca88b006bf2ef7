"""Set up webhooks, look at what was sent, send it again."""
from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.payment.domain import webhook as hooks
from services.payment.domain.ports import PaymentUnit
from services.payment.domain.webhook import Delivery, Webhook
from services.payment.domain.webhook_errors import (
    DeliveryUnknown,
    WebhookOwnerRefused,
    WebhooksTooMany,
    WebhookUnknown,
)
from shared_components.kernel.apps import BEFORE_APPS, is_app
from shared_components.kernel.ids import new_id
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

WEBHOOKS = PagedList[str]("payment.list_webhooks", str)
DELIVERIES = PagedList[str]("payment.list_deliveries", str)

OPERATOR = "operator"
MOST_PER_APP = 20


def put_webhook(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """Make one, or change one: the change resumes a suspended one. The secret is in this reply and never again."""
    data = call.data
    unit.webhook_targets.target(data["url"])
    if data.get("webhook_id") is None:
        webhook = _new(unit, call)
        unit.webhooks.add(webhook)
        return {**_view(webhook), "secret": webhook.secret}
    known = _own(unit, call, data["webhook_id"])
    if known.app == BEFORE_APPS and is_app(call.context.caller):
        known = replace(known, app=call.context.caller)  # who changes one of before apps had names makes it its own
    rotate = data["rotate_secret"]
    webhook = replace(
        known, url=data["url"], events=data["events"], state=hooks.ACTIVE, suspended_at=None,
        secret=_secret() if rotate else known.secret, secret_version=known.secret_version + rotate,
    )
    unit.webhooks.save(webhook)
    return {**_view(webhook), "secret": webhook.secret if rotate else None}


def remove_webhook(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    webhook = _own(unit, call, call.data["webhook_id"])
    unit.webhooks.remove(webhook.webhook_id)
    return _view(webhook)


def list_webhooks(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    apps = _only_own(call)
    page = WEBHOOKS.asked(call.data, call.context.tenant, *(apps or ()))
    found = unit.webhooks.page(call.context.tenant, apps=apps, after=page.after, limit=page.fetch)
    return page.reply(found, view=_view, key=lambda webhook: webhook.webhook_id)


def list_deliveries(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """Without bodies: what they say is the app's."""
    data, apps = call.data, _only_own(call)
    page = DELIVERIES.asked(data, call.context.tenant, *(apps or ()))
    found = unit.deliveries.page(
        call.context.tenant, apps=apps, webhook_id=data.get("webhook_id"), order_id=data.get("order_id"),
        state=data.get("state"), before=page.after, limit=page.fetch,
    )
    return page.reply(found, view=_delivery, key=lambda delivery: delivery.delivery_id)


def resend_webhook(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """The same event id and body once more, signed anew, with all its attempts before it."""
    tenant, delivery_id = call.context.tenant, call.data["delivery_id"]
    delivery = unit.deliveries.get(tenant, delivery_id)
    if delivery is None:
        raise _no_delivery(delivery_id)
    try:
        _own(unit, call, delivery.webhook_id)
    except WebhookUnknown:
        raise _no_delivery(delivery_id) from None
    if delivery.state != hooks.PENDING:
        hooks.DELIVERY.move(delivery.state, hooks.PENDING)
    unit.deliveries.repeat(delivery_id, unit.clock.now())
    again = unit.deliveries.get(tenant, delivery_id)
    assert again is not None
    return _delivery(again)


def _new(unit: PaymentUnit, call: Call) -> Webhook:
    data, tenant, caller = call.data, call.context.tenant, call.context.caller
    app = data.get("app") if caller == OPERATOR else caller
    if caller != OPERATOR and data.get("app") not in (None, caller):
        raise WebhookOwnerRefused(f"app is {data['app']!r}; caller {caller!r} makes webhooks for itself only")
    if unit.webhooks.count_alone(tenant, app) >= MOST_PER_APP:
        raise WebhooksTooMany(
            f"there are {MOST_PER_APP} webhooks already, and no more are allowed; change or remove one",
            details={"limit": MOST_PER_APP},
        )
    return Webhook(
        webhook_id=new_id("whk"), tenant=tenant, app=app, url=data["url"], events=data["events"], secret=_secret(),
        secret_version=1, state=hooks.WEBHOOK.initial, created_at=unit.clock.now(),
    )


def _secret() -> str:
    return f"whs_{secrets.token_urlsafe(32)}"


def _only_own(call: Call) -> tuple[str, ...] | None:
    """None: of all apps, which is for operators."""
    return None if call.context.caller == OPERATOR else call.context.makers or (call.context.caller,)


def _own(unit: PaymentUnit, call: Call, webhook_id: str) -> Webhook:
    webhook = unit.webhooks.get(call.context.tenant, webhook_id)
    own = _only_own(call)
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
