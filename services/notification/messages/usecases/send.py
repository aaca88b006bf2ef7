"""Accept messages, a whole group in two statements (three with an inbox); each fails or succeeds by itself."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.notification.carriers.domain.errors import CarrierNotConfigured
from services.notification.carriers.domain.ports import CarrierFacts, HasCarrierFacts
from services.notification.common.channels import (
    EMAIL,
    INBOX,
    SMS,
    check_channel,
    check_email_address,
    check_phone_number,
    known_locale,
)
from services.notification.messages.domain.errors import RecipientMissing, TooManyCodes
from services.notification.messages.domain.message import Message, place
from services.notification.messages.usecases.compose_text import compose_text
from services.notification.messages.usecases.events import emit_message_changed
from services.notification.messages.usecases.learn_recipients import RecipientKey, Recipients
from services.notification.messages.usecases.views import MessageView, message_view
from services.notification.templates.domain.filing import Filing
from services.notification.templates.domain.template import CLASS_OF_PURPOSE, CODE, Template, render
from services.notification.templates.usecases.choose_template import (
    ChooseTemplateTx,
    Wish,
    choose_templates,
    owner,
    require,
)
from services.notification.templates.usecases.filings import FiledVersion, FilingsOf
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

# The event that starts the delivery comes at once; a sweep takes over when it was lost.
DELIVERY_GRACE = timedelta(seconds=30)


class NewMessages(Protocol):
    def add(self, messages: Sequence[Message]) -> None: ...


class CodeLimits(Protocol):
    def take(self, numbers: Sequence[str], at: datetime) -> list[int]:
        """Count one code for each number: 0, or the seconds to wait where it has had too many."""
        ...


class SendTx(HasCarrierFacts, HasClock, HasEvents, ChooseTemplateTx, FilingsOf, Protocol):
    """The part of a transaction that accepting messages needs."""

    @property
    def messages(self) -> NewMessages: ...

    @property
    def recipients(self) -> Recipients: ...

    @property
    def code_limits(self) -> CodeLimits: ...


@dataclass(frozen=True, slots=True)
class SendMessage:
    """app: whom the message belongs to, when a service sends it for an app. locale: None takes the call's.

    message_class: None takes that of the template's purpose.
    """

    template_code: str
    channel: str
    values: Mapping[str, str] = field(repr=False)
    recipient_subject: str | None = None
    address: str | None = field(default=None, repr=False)
    reference: str | None = None
    locale: str | None = None
    app: str | None = None
    message_class: str | None = None


def send_messages(
    tx: SendTx, calls: Sequence[Call[SendMessage]], *, simulated: bool = False,
) -> list[MessageView | AppError]:
    """Give for each call its message's view, or its error.

    simulated: nothing will reach a phone, so one-time codes are not counted.

    ChannelNotBuilt, TemplateUnknown, ValuesMissing, RecipientMissing, AddressInvalid, LineBreakInHeader,
    ControlCharacter, MessageTooLarge; for text messages also CarrierNotConfigured, TemplateNotFiled,
    TextMessageTooLong, TooManyCodes.
    """
    wishes = [_wish(tx, call.data, call.context) for call in calls]
    chosen = choose_templates(tx, [
        (call.context, wish) for call, wish in zip(calls, wishes, strict=True) if not isinstance(wish, AppError)])
    filings = _filings(tx, chosen)
    next_chosen = iter(chosen)
    known = _known_recipients(tx, calls)
    at = tx.clock.now()
    composed: list[Message | AppError] = []
    codes: set[int] = set()
    for call, wish in zip(calls, wishes, strict=True):
        try:
            template = require(wish if isinstance(wish, AppError) else next(next_chosen))
            if template.purpose == CODE and template.key.channel == SMS:
                codes.add(len(composed))
            maker = Maker(call.context.tenant, call.context.maker(call.data.app), at)
            composed.append(compose_message(
                tx.carriers, call.data, template, filings.get((template.key, template.version), ()), maker,
                new_id("msg")))
        except AppError as error:
            composed.append(error)
    if not simulated:
        _limit_codes(tx, composed, codes, at)
    results: list[MessageView | AppError] = []
    accepted: list[Message] = []
    for call, one in zip(calls, composed, strict=True):
        if isinstance(one, AppError):
            results.append(one)
            continue
        message, event = place(one, at=at, grace=DELIVERY_GRACE, recipient_known=_recipient_of(call) in known)
        accepted.append(message)
        emit_message_changed(tx, event, message)
        results.append(message_view(message, call.context.locale))
    tx.messages.add(accepted)
    return results


def _known_recipients(tx: SendTx, calls: Sequence[Call[SendMessage]]) -> set[RecipientKey]:
    """The recipients of inbox messages that identity has registered.

    The others are held: a registration that arrives at this moment finds the message, or is found here.
    """
    keys = {_recipient_of(call) for call in calls if call.data.channel == INBOX}
    if not keys:
        return set()
    known = tx.recipients.known(keys)
    if unknown := keys - known:
        tx.recipients.hold(unknown)
        known |= tx.recipients.known(unknown)
    return known


def _recipient_of(call: Call[SendMessage]) -> RecipientKey:
    return call.context.tenant, call.data.recipient_subject or ""


def _wish(tx: SendTx, command: SendMessage, context: CallContext) -> Wish | AppError:
    try:
        channel = check_channel(command.channel)
        if channel == SMS and not tx.carriers.configured():
            raise CarrierNotConfigured(Bilingual(
                "no provider of text messages is configured; services.notification.sms needs one",
                "未配置短信服务商；须在 services.notification.sms 中配置"), details={"available": []})
    except AppError as error:
        return error
    locale = command.locale or known_locale(context.locale)
    return Wish(context.tenant, owner(context), command.template_code, channel, locale)


def _limit_codes(tx: SendTx, composed: list[Message | AppError], codes: set[int], at: datetime) -> None:
    """Put TooManyCodes in the place of codes to numbers that have had as many as carriers allow."""
    counted = [
        (index, one.address) for index, one in enumerate(composed)
        if index in codes and isinstance(one, Message) and one.address]
    if not counted:
        return
    waits = tx.code_limits.take([number for _, number in counted], at)
    for (index, _), wait_s in zip(counted, waits, strict=True):
        if wait_s:
            composed[index] = TooManyCodes(
                Bilingual(
                    f"the number has had as many one-time codes as carriers allow; the next is allowed in {wait_s} s",
                    f"该号码获取验证码已达上限；{wait_s} 秒后可再次获取"),
                details={"retry_after_s": wait_s})


Filings = Mapping[FiledVersion, Sequence[Filing]]


def _filings(tx: SendTx, chosen: Sequence[Template | AppError]) -> Filings:
    """The filings of the text templates that are used, in one query; none where every carrier takes any text."""
    versions = {
        (one.key, one.version) for one in chosen if isinstance(one, Template) and one.key.channel == SMS}
    return tx.filings.of(versions) if any(map(tx.carriers.files, tx.carriers.configured())) else {}


class Maker(NamedTuple):
    """Whose a new message is, and when it is made."""

    tenant: str
    app: str
    at: datetime


def compose_message(
    carriers: CarrierFacts, command: SendMessage, template: Template, filings: Sequence[Filing], maker: Maker,
    message_id: str,
) -> Message:
    """Raises what send_messages gives for one message."""
    subject, address = _recipient(command)
    rendered = render(template, command.values)
    parts, sms = None, None
    if command.channel == SMS:
        parts, sms = compose_text(carriers, template, filings, rendered.body, command.values, address or "")
    return Message(
        message_id=message_id, tenant=maker.tenant, app=maker.app, channel=command.channel,
        template_code=template.key.code, template_version=template.version, locale=template.key.locale,
        recipient_subject=subject, address=address, subject=rendered.subject, body=rendered.body,
        reference=command.reference, created_at=maker.at,
        message_class=command.message_class or CLASS_OF_PURPOSE[template.purpose], parts=parts, sms=sms,
    )


def _recipient(command: SendMessage) -> tuple[str | None, str | None]:
    """(subject, address) as the channel needs them."""
    subject, address = command.recipient_subject, command.address
    if command.channel == EMAIL:
        if not address:
            raise RecipientMissing(Bilingual(
                "an e-mail has no 'address'; it needs one (finding it by subject is not built yet)",
                "电子邮件缺少收件地址 address；必须提供（暂不支持按主体查找地址）"))
        return subject, check_email_address(address)
    if command.channel == SMS:
        if not address:
            raise RecipientMissing(Bilingual(
                "a text message has no 'address'; it needs a phone number (finding it by subject is not built yet)",
                "短信缺少收件号码 address；必须提供手机号码（暂不支持按主体查找）"))
        return subject, str(check_phone_number(address))
    if not subject:
        raise RecipientMissing(Bilingual(
            "an inbox message has no 'recipient_subject'; it needs one",
            "站内信缺少收件主体 recipient_subject；必须提供"))
    return subject, None
