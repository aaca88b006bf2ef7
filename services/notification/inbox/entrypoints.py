"""Entrypoints of the inbox: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

from services.notification.common.callers import OPEN
from services.notification.inbox import schemas
from services.notification.inbox.domain.errors import InboxOfAnother
from services.notification.inbox.usecases import mark_read as marking
from services.notification.inbox.usecases import read_inbox as reading
from services.notification.inbox.usecases.views import InboxView, ReadMarkView
from services.notification.messages.domain.errors import MessageUnknown, RecipientMissing
from services.notification.messages.schemas import MessageId
from services.notification.messages.usecases.known_message import MessageById
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments

OWN_INBOX: RuleArguments = {
    "basis": ["own", "platform"], "resource": "message", "about": ["recipient"], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


SHOWN_INBOX: RuleArguments = {**OWN_INBOX, "basis": ["own", "holder", "platform"], "discloses": True}


class InboxEntrypoints:
    """Methods about a person's inbox."""

    @rpc_method(
        request=schemas.Inbox, reply=schemas.InboxItems, public=True, bulk=True, callers=OPEN,
        errors=[InboxOfAnother, RecipientMissing],
        **SHOWN_INBOX, load_class=LISTS, zh="查看某人的站内信及未读条数，最新的在前。")
    def inbox(
        self, tx: reading.ReadInboxTx, calls: Sequence[Call[reading.ReadInbox]],
    ) -> Sequence[InboxView | AppError]:
        """A person's messages, newest first, and how many are unread."""
        return reading.read_inboxes(tx, calls)

    @rpc_method(
        request=MessageId, reply=schemas.ReadMark, mutating=True, public=True, callers=OPEN,
        errors=[MessageUnknown],
        **OWN_INBOX, zh="登记站内信已读。")
    def mark_read(self, tx: marking.MarkReadTx, call: Call[MessageById]) -> ReadMarkView:
        """Note that a person has read an inbox message."""
        return marking.mark_read(tx, call.data, call.context)
