"""List messages by reference, recipient or channel, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.messages.domain.message import Message, id_of
from services.notification.messages.usecases.views import MessageView, message_view
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

MESSAGES = PagedList[str]("notification.list", str)


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """None is all. after: the last message of the page before."""

    reference: str | None
    recipient_subject: str | None
    channel: str | None
    after: str | None
    limit: int


class ListedMessages(Protocol):
    def pages(self, asked: Sequence[tuple[CallContext, MessageFilter]]) -> list[list[Message]]:
        """Give each call its messages, newest first."""
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


def list_messages(
    tx: ListMessagesTx, calls: Sequence[Call[ListMessages]],
) -> list[PageView[MessageView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid."""
    return read_pages(
        calls, MESSAGES,
        lambda asked: tx.messages.pages([(call.context, _filter(call.data, page)) for call, page in asked]),
        view=lambda message, context: message_view(message, context.locale), key=id_of)


def _filter(command: ListMessages, page: Page[str]) -> MessageFilter:
    return MessageFilter(
        reference=command.reference, recipient_subject=command.recipient_subject, channel=command.channel,
        after=page.after, limit=page.fetch)
