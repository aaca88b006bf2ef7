"""List messages by reference, recipient or channel."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.messages.domain.message import Message, id_of
from services.notification.messages.usecases.views import MessageView, message_view
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MESSAGES = PagedList[str]("notification.list", str)


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """None is all. apps: whom a message belongs to; after: the last message of the page before."""

    apps: tuple[str, ...] | None
    reference: str | None
    recipient_subject: str | None
    channel: str | None
    after: str | None
    limit: int


class ListedMessages(Protocol):
    def find(self, tenant: str, wanted: MessageFilter) -> list[Message]:
        """Newest first."""
        ...


class ListMessagesTx(Protocol):
    """The part of a transaction that listing messages needs."""

    @property
    def messages(self) -> ListedMessages: ...


@dataclass(frozen=True, slots=True)
class ListMessages:
    reference: str | None = None
    recipient_subject: str | None = None
    channel: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def list_messages(tx: ListMessagesTx, command: ListMessages, context: CallContext) -> PageView[MessageView]:
    """Newest first."""
    page = MESSAGES.asked(command, context.tenant, *(context.makers or ()))
    found = tx.messages.find(context.tenant, MessageFilter(
        context.makers, reference=command.reference, recipient_subject=command.recipient_subject,
        channel=command.channel, after=page.after, limit=page.fetch))
    return page.view(found, view=lambda message: message_view(message, context.locale), key=id_of)
