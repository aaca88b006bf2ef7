"""Entrypoints of the inbox: each calls one use case."""
from __future__ import annotations

from services.notification.common.callers import OPEN
from services.notification.inbox import schemas
from services.notification.inbox.domain.errors import InboxOfAnother
from services.notification.inbox.usecases import mark_read as marking
from services.notification.inbox.usecases import read_inbox as reading
from services.notification.inbox.usecases.views import InboxView, ReadMarkView
from services.notification.messages.domain.errors import MessageUnknown
from services.notification.messages.schemas import MessageId
from services.notification.messages.usecases.known_message import MessageById
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

OWN_INBOX: RuleArguments = {
    "basis": ["own", "platform"], "resource": "message", "about": ["recipient"], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class InboxEntrypoints:
    """Methods about a person's inbox."""

    @rpc_method(
        request=schemas.Inbox, reply=schemas.InboxItems, public=True, callers=OPEN, errors=[InboxOfAnother],
        **OWN_INBOX, zh="查看某人的站内信及未读条数，最新的在前。")
    def inbox(self, tx: reading.ReadInboxTx, call: Call[reading.ReadInbox]) -> InboxView:
        """A person's messages, newest first, and how many are unread."""
        return reading.read_inbox(tx, call.data, call.context)

    @rpc_method(
        request=MessageId, reply=schemas.ReadMark, mutating=True, public=True, callers=OPEN,
        errors=[MessageUnknown, InboxOfAnother],
        **OWN_INBOX, zh="登记站内信已读。")
    def mark_read(self, tx: marking.MarkReadTx, call: Call[MessageById]) -> ReadMarkView:
        """Note that a person has read an inbox message."""
        return marking.mark_read(tx, call.data, call.context)
