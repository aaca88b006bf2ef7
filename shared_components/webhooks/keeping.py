"""Set up webhooks, look at what was sent, send it again."""
from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from shared_components.kernel.apps import BEFORE_APPS, is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.pages import read_pages
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.errors import WebhookErrors
from shared_components.webhooks.ports import HasWebhooks, HasWebhookTargets, WebhookFilter
from shared_components.webhooks.views import WebhookView, webhook_view
from shared_components.webhooks.webhook import Webhook

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

OPERATOR = "operator"
MOST_PER_APP = 20


class PutWebhookView(WebhookView):
    """secret: of a new webhook, or a new one; None otherwise."""

    secret: str | None


@dataclass(frozen=True, slots=True)
class PutWebhook:
    url: str
    webhook_id: str | None = None
    app: str | None = None
    events: Sequence[str] = ()
    rotate_secret: bool = False


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    webhook_id: str


@dataclass(frozen=True, slots=True)
class ListWebhooks:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


class PutWebhookTx(HasClock, HasWebhookTargets, HasWebhooks, Protocol):
    """Ports that `put_webhook` uses."""


def put_webhook(
    tx: PutWebhookTx, command: PutWebhook, context: CallContext, errors: WebhookErrors,
) -> PutWebhookView:
    """Make one, or change one: the change resumes a suspended one. The secret is in this reply and never again."""
    tx.webhook_targets.check(command.url, context.caller)
    if command.webhook_id is None:
        webhook = _new(tx, command, context, errors)
        tx.webhooks.add(webhook)
        return {**webhook_view(webhook), "secret": webhook.secret}
    known = tx.webhooks.lock_for(context, command.webhook_id)
    if known.app == BEFORE_APPS and is_app(context.caller):
        known = replace(known, app=context.caller)  # who changes one of before apps had names makes it its own
    if command.app not in (None, known.app):
        raise errors.owner(Bilingual(
            f"app is {command.app!r}; the owner of a webhook stays: leave app out, or make a webhook for that app",
            f"app 为“{command.app}”；回调的所属应用不能更改：请不传 app，或为该应用另建回调"))
    rotate = command.rotate_secret
    webhook = replace(
        known, url=command.url, events=command.events, state=hooks.ACTIVE, suspended_at=None,
        secret=_secret() if rotate else known.secret, secret_version=known.secret_version + rotate,
    )
    tx.webhooks.save(webhook)
    return {**webhook_view(webhook), "secret": webhook.secret if rotate else None}


def remove_webhook(tx: HasWebhooks, command: RemoveWebhook, context: CallContext) -> WebhookView:
    webhook = tx.webhooks.lock_for(context, command.webhook_id)
    tx.webhooks.remove(webhook.webhook_id)
    return webhook_view(webhook)


def list_webhooks(
    tx: HasWebhooks, calls: Sequence[Call[ListWebhooks]], listed: PagedList[str],
) -> list[PageView[WebhookView] | AppError]:
    """Give each call its page, or PageCursorInvalid."""
    return read_pages(
        calls, listed,
        lambda asked: tx.webhooks.pages([
            (call.context, WebhookFilter(page.fetch, page.after)) for call, page in asked]),
        view=lambda webhook, _: webhook_view(webhook), key=lambda webhook: webhook.webhook_id)


def _new(tx: PutWebhookTx, command: PutWebhook, context: CallContext, errors: WebhookErrors) -> Webhook:
    tenant, caller = context.tenant, context.caller
    app = command.app if caller == OPERATOR else caller
    if caller != OPERATOR and command.app not in (None, caller):
        raise errors.owner(Bilingual(
            f"app is {command.app!r}; caller {caller!r} makes webhooks for itself only",
            f"app 为“{command.app}”；调用方“{caller}”只能为自己设置回调"))
    if tx.webhooks.count_alone(tenant, app) >= MOST_PER_APP:
        raise errors.too_many(
            Bilingual(
                f"there are {MOST_PER_APP} webhooks already, and no more are allowed; change or remove one",
                f"已有 {MOST_PER_APP} 个回调，不能再增加；请修改或删除一个"),
            details={"limit": MOST_PER_APP},
        )
    return Webhook(
        webhook_id=new_id("whk"), tenant=tenant, app=app, url=command.url, events=command.events, secret=_secret(),
        secret_version=1, state=hooks.WEBHOOK.initial, created_at=tx.clock.now(),
    )


def _secret() -> str:
    return f"whs_{secrets.token_urlsafe(32)}"
