"""Show inboxes, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.notification.inbox.domain.errors import InboxOfAnother
from services.notification.inbox.usecases.views import InboxView, inbox_item_view
from services.notification.messages.domain.errors import RecipientMissing
from services.notification.messages.domain.message import Message, id_of
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList
from shared_components.security.authority.search import search

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

INBOX_ITEMS = PagedList[str]("notification.inbox", str)


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A part of one person's inbox. after: the last message of the page before."""

    recipient: str
    after: str | None
    limit: int


class Inboxes(Protocol):
    def pages(self, asked: Sequence[tuple[CallContext, InboxPage]]) -> list[list[Message]]:
        """Give each call its messages, newest first."""
        ...

    def unread(self, asked: Sequence[tuple[CallContext, str]]) -> list[int]:
        """Count for each call what it may see and is unread in the whole inbox. asked: with the recipient."""
        ...


class ReadInboxTx(Protocol):
    """The part of a transaction that reading an inbox needs."""

    @property
    def inboxes(self) -> Inboxes: ...


@dataclass(frozen=True, slots=True)
class ReadInbox:
    """recipient_subject: None is the acting citizen."""

    recipient_subject: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


class _Asked(NamedTuple):
    context: CallContext
    recipient: str
    page: Page[str]


def read_inboxes(tx: ReadInboxTx, calls: Sequence[Call[ReadInbox]]) -> list[InboxView | AppError]:
    """Give each call its inbox, newest first, or InboxOfAnother, RecipientMissing, PageCursorInvalid."""
    asked = [attempt(_asked, call) for call in calls]
    good = [one for one in asked if isinstance(one, _Asked)]
    pages = iter(tx.inboxes.pages([
        (one.context, InboxPage(one.recipient, one.page.after, one.page.fetch)) for one in good]))
    unread = iter(tx.inboxes.unread([(one.context, one.recipient) for one in good]))
    return [one if isinstance(one, AppError) else _view(one.page, next(pages), next(unread)) for one in asked]


def _asked(call: Call[ReadInbox]) -> _Asked:
    recipient = _recipient(call.data, call.context)
    return _Asked(call.context, recipient, INBOX_ITEMS.asked(call.data, *search(call.context)))


def _view(page: Page[str], messages: list[Message], unread: int) -> InboxView:
    shown = page.view(messages, view=inbox_item_view, key=id_of)
    return InboxView(shown.items, shown.next, unread)


def _recipient(command: ReadInbox, context: CallContext) -> str:
    """The acting citizen, or else whom the app names. Raises InboxOfAnother, RecipientMissing."""
    citizen, named = context.citizen, command.recipient_subject
    if citizen is not None and named not in (None, citizen):
        raise InboxOfAnother(Bilingual(
            "the inbox belongs to another subject than the one acted for; only the own one is open",
            "该收件箱不属于当前办事主体；只能查看本人的收件箱"))
    recipient = citizen or named
    if recipient is None:
        raise RecipientMissing(Bilingual(
            "no citizen acts, and 'recipient_subject' is not given; one of the two is needed",
            "当前没有个人（法人）会话，也未填写收件主体 recipient_subject；二者须有其一"))
    return recipient
