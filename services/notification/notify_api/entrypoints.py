"""Entrypoints of the Notify API: keys for apps, and what the gateway asks for requests of Notify clients."""
from __future__ import annotations

from collections.abc import Sequence

from services.notification.carriers.domain.errors import CarrierNotConfigured
from services.notification.common.callers import OPEN
from services.notification.common.errors import (
    AddressInvalid,
    ChannelNotBuilt,
    ControlCharacter,
    LineBreakInHeader,
    TextMessageTooLong,
)
from services.notification.messages.domain.errors import MessageUnknown, RecipientMissing, TooManyCodes
from services.notification.notify_api import schemas
from services.notification.notify_api.domain.errors import (
    NotifyGuestsNotUsed,
    NotifyKeysTooMany,
    NotifyKeyUnknown,
    NotifyTokenMissing,
    NotifyTokenRefused,
    RecipientNotOfTeam,
    TemplateUnsuitable,
)
from services.notification.notify_api.usecases import keys as keeping
from services.notification.notify_api.usecases import messages, templates
from services.notification.notify_api.usecases.identify import IdentifyNotifyCaller, NotifyCaller, identify
from services.notification.templates.domain.errors import (
    MessageTooLarge,
    TemplateNotApproved,
    TemplateNotFiled,
    TemplateUnknown,
    ValuesMissing,
)
from shared_components.bus import Transactions, rpc_method
from shared_components.bus.errors import AppNotAllowed
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

GATEWAY = ("gateway",)
RENDERED = (TemplateUnknown, TemplateNotApproved, ValuesMissing, LineBreakInHeader, ControlCharacter, MessageTooLarge)
KEY: RuleArguments = {
    "basis": ["own", "platform"], "resource": "notify-key", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
TOKEN: RuleArguments = {**KEY, "basis": ["outside"]}
OF_MESSAGES: RuleArguments = {**KEY, "resource": "message"}
OF_TEMPLATES: RuleArguments = {**KEY, "resource": "template"}


class NotifyApiEntrypoints:
    """Methods of the Notify API."""

    @rpc_method(
        request=schemas.CreateNotifyKey, reply=schemas.NewNotifyKey, mutating=True, secret_reply=True, public=True,
        callers=OPEN, errors=[NotifyKeysTooMany, NotifyGuestsNotUsed, AppNotAllowed], **KEY,
        zh="创建 Notify 客户端库使用的密钥，只返回一次。")
    def create_notify_key(
        self, tx: keeping.NotifyKeysTx, call: Call[keeping.CreateNotifyKey],
    ) -> keeping.NewNotifyKeyView:
        """Make a key for a Notify client library; it is in this reply and never again."""
        return keeping.create_notify_key(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RevokeNotifyKey, reply=schemas.NotifyKey, mutating=True, public=True, callers=OPEN,
        errors=[NotifyKeyUnknown], **KEY, zh="撤销 Notify 密钥，立即生效。")
    def revoke_notify_key(
        self, tx: keeping.NotifyKeysTx, call: Call[keeping.RevokeNotifyKey],
    ) -> keeping.NotifyKeyView:
        """Revoke a Notify key at once."""
        return keeping.revoke_notify_key(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListNotifyKeys, reply=schemas.NotifyKeys, bulk=True, public=True, callers=OPEN, **KEY,
        zh="查询本应用的 Notify 密钥，不显示密钥内容。")
    def list_notify_keys(
        self, tx: keeping.HasNotifyKeys, calls: Sequence[Call[keeping.ListNotifyKeys]],
    ) -> Sequence[PageView[keeping.NotifyKeyView] | AppError]:
        """The app's Notify keys, without their secrets."""
        return keeping.list_notify_keys(tx, calls)

    @rpc_method(
        request=schemas.IdentifyNotifyCaller, reply=schemas.NotifyCaller, own_transactions=True, callers=GATEWAY,
        errors=[NotifyTokenMissing, NotifyTokenRefused], **TOKEN, zh="由 Notify 令牌识别应用。")
    def identify_notify_caller(self, transactions: Transactions, call: Call[IdentifyNotifyCaller]) -> NotifyCaller:
        """Find out which app signed a request; its tenant is the key's."""
        with transactions.begin() as tx:
            return identify(tx, call.data)

    @rpc_method(
        request=schemas.SendByNotify, reply=schemas.NotifyMessage, mutating=True, public=True, callers=OPEN,
        errors=[
            *RENDERED, TemplateNotFiled, TextMessageTooLong, CarrierNotConfigured, AddressInvalid, RecipientMissing,
            ChannelNotBuilt, MessageUnknown, NotifyKeyUnknown,
            RecipientNotOfTeam, TemplateUnsuitable, TooManyCodes],
        **OF_MESSAGES, zh="按 Notify 接口发送一条消息。")
    def send_by_notify(
        self, tx: messages.SendByNotifyTx, call: Call[messages.SendByNotify],
    ) -> messages.NotifyMessageView:
        """Send a message for a Notify client."""
        return messages.send_by_notify(tx, call.data, call.context)

    @rpc_method(
        request=schemas.GetByNotify, reply=schemas.NotifyMessage, public=True, callers=OPEN, errors=[MessageUnknown],
        **OF_MESSAGES, zh="按 Notify 接口查询一条消息，含收件地址和正文。")
    def get_by_notify(
        self, tx: messages.ReadByNotifyTx, call: Call[messages.GetByNotify],
    ) -> messages.NotifyMessageView:
        """A message of the app, with its address and words."""
        return messages.get_by_notify(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListByNotify, reply=schemas.NotifyMessages, public=True, callers=OPEN, **OF_MESSAGES,
        zh="按 Notify 接口查询消息，最新的在前。")
    def list_by_notify(
        self, tx: messages.ReadByNotifyTx, call: Call[messages.ListByNotify],
    ) -> messages.NotifyMessagesView:
        """Messages of the app, newest first, with addresses and words."""
        return messages.list_by_notify(tx, call.data, call.context)

    @rpc_method(
        request=schemas.GetNotifyTemplate, reply=schemas.NotifyTemplate, public=True, callers=OPEN,
        errors=[TemplateUnknown], **OF_TEMPLATES, zh="按 Notify 接口查询模板的一个版本。")
    def get_notify_template(
        self, tx: templates.NotifyTemplatesTx, call: Call[templates.GetNotifyTemplate],
    ) -> templates.NotifyTemplateView:
        """A version of a template, the newest unless one is named."""
        return templates.get_notify_template(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListNotifyTemplates, reply=schemas.NotifyTemplates, public=True, callers=OPEN, **OF_TEMPLATES,
        zh="按 Notify 接口查询模板。")
    def list_notify_templates(
        self, tx: templates.NotifyTemplatesTx, call: Call[templates.ListNotifyTemplates],
    ) -> templates.NotifyTemplatesView:
        """The newest versions of the templates that can be sent by the Notify API."""
        return templates.list_notify_templates(tx, call.data, call.context)

    @rpc_method(
        request=schemas.PreviewNotifyTemplate, reply=schemas.NotifyPreview, public=True, callers=OPEN,
        errors=[*RENDERED], **OF_TEMPLATES, zh="按 Notify 接口预览模板。")
    def preview_notify_template(
        self, tx: templates.NotifyTemplatesTx, call: Call[templates.PreviewNotifyTemplate],
    ) -> templates.NotifyPreviewView:
        """Show what a message would say; nothing is sent."""
        return templates.preview_notify_template(tx, call.data, call.context)
