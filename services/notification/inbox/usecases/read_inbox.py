"""Show a person's inbox."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.inbox.domain.errors import InboxOfAnother
from services.notification.inbox.usecases.views import InboxView, inbox_item_view
from services.notification.messages.domain.message import Message, id_of
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

INBOX_ITEMS = PagedList[str]("notification.inbox", str)


@dataclass(frozen=True, slots=True)
class InboxOf:
    """Whose inbox, and of which apps: None is all. What belongs to no app is for the person, whichever app shows it."""

    tenant: str
    subject: str
    apps: tuple[str, ...] | None


class Inboxes(Protocol):
    def page(self, inbox: InboxOf, *, after: str | None, limit: int) -> list[Message]:
        """Newest first."""
        ...

    def count_unread(self, inbox: InboxOf) -> int:
        """Count in the whole inbox."""
        ...


class ReadInboxTx(Protocol):
    """The part of a transaction that reading an inbox needs."""

    @property
    def inboxes(self) -> Inboxes: ...


@dataclass(frozen=True, slots=True)
class ReadInbox:
    recipient_subject: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def read_inbox(tx: ReadInboxTx, command: ReadInbox, context: CallContext) -> InboxView:
    """Newest first. Raises InboxOfAnother."""
    subject = command.recipient_subject
    require_own(context, subject)
    page = INBOX_ITEMS.asked(command, context.tenant, context.subject, *(context.makers or ()))
    inbox = InboxOf(context.tenant, subject, context.makers)
    found = tx.inboxes.page(inbox, after=page.after, limit=page.fetch)
    shown = page.view(found, view=inbox_item_view, key=id_of)
    return InboxView(shown.items, shown.next, tx.inboxes.count_unread(inbox))


def require_own(context: CallContext, subject: str | None) -> None:
    """A call made for a person reaches that person's inbox only. Raises InboxOfAnother."""
    if context.subject is not None and context.subject != subject:
        raise InboxOfAnother(Bilingual(
            "the inbox belongs to another subject than the one acted for; only the own one is open",
            "该收件箱不属于当前办事主体；只能查看本人的收件箱"))
