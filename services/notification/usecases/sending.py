"""Accept messages, a whole group in two statements; each fails or succeeds by itself."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.notification.domain.channels import EMAIL, check_channel, check_email_address, known_locale
from services.notification.domain.errors import RecipientMissing
from services.notification.domain.messages import Message, place
from services.notification.domain.ports import NotificationTransaction
from services.notification.domain.templates import Template, render
from services.notification.usecases.events import emit_message_changed
from services.notification.usecases.messages import view
from services.notification.usecases.templates import Wanted, choose, owner, unknown_template
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

# The event that starts the delivery comes at once; a sweep takes over when it was lost.
DELIVERY_GRACE = timedelta(seconds=30)


def send_messages(tx: NotificationTransaction, calls: Sequence[Call]) -> list[dict[str, Any] | AppError]:
    wishes = [_wish(call) for call in calls]
    chosen = choose(tx, [wish for wish in wishes if not isinstance(wish, AppError)])
    results: list[dict[str, Any] | AppError] = []
    accepted: list[Message] = []
    for call, wish in zip(calls, wishes, strict=True):
        if isinstance(wish, AppError):
            results.append(wish)
            continue
        try:
            message, event = _accept(tx, call, chosen[wish])
        except AppError as error:
            results.append(error)
            continue
        accepted.append(message)
        emit_message_changed(tx, event, message)
        results.append(view(message))
    tx.messages.add(accepted)
    return results


def _wish(call: Call) -> Wanted | AppError:
    data, context = call.data, call.context
    try:
        channel = check_channel(data["channel"])
    except AppError as error:
        return error
    locale = data.get("locale") or known_locale(context.locale)
    return (context.tenant, owner(context), data["template_code"], channel, locale)


def _accept(tx: NotificationTransaction, call: Call, template: Template | None) -> tuple[Message, str]:
    data, at = call.data, tx.clock.now()
    if template is None:
        raise unknown_template(data["template_code"], data["channel"])
    subject, address = _recipient(data)
    rendered = render(template, data["values"])
    message = Message(
        message_id=new_id("msg"), tenant=call.context.tenant, app=call.context.maker(data.get("app")),
        channel=data["channel"],
        template_code=template.key.code, template_version=template.version, locale=template.key.locale,
        recipient_subject=subject, address=address, subject=rendered.subject, body=rendered.body,
        reference=data.get("reference"), created_at=at,
    )  # fmt: skip
    return place(message, at=at, grace=DELIVERY_GRACE)


def _recipient(data: Any) -> tuple[str | None, str | None]:
    """(subject, address) as the channel needs them."""
    subject, address = data.get("recipient_subject"), data.get("address")
    if data["channel"] == EMAIL:
        if not address:
            raise RecipientMissing("an e-mail has no 'address'; it needs one (finding it by subject is not built yet)")
        return subject, check_email_address(address)
    if not subject:
        raise RecipientMissing("an inbox message has no 'recipient_subject'; it needs one")
    return subject, None
