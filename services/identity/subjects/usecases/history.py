"""History of a subject."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain.errors import SubjectNotFound
from services.identity.subjects.domain.ports import HasSubjectHistory, HasSubjects
from services.identity.subjects.usecases import views
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CHANGES = PagedList[int]("identity.list_subject_changes", int)


class ReadHistoryTx(HasSubjectHistory, HasSubjects, Protocol):
    """The transaction of reading a history."""


@dataclass(frozen=True, slots=True)
class ListSubjectChanges:
    subject_id: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def list_subject_changes(
    tx: ReadHistoryTx, command: ListSubjectChanges, context: CallContext,
) -> PageView[views.SubjectChangeView]:
    """Changes of the subject with this very id, newest first: a merged one has a history of its own.

    Raises SubjectNotFound.
    """
    subject = tx.subjects.get(context.tenant, command.subject_id)
    if subject is None:
        raise SubjectNotFound
    page = CHANGES.asked(command, command.subject_id)
    found = tx.subject_history.page(command.subject_id, before=page.after, limit=page.fetch)
    return page.view(found, view=lambda each: views.change(*each), key=lambda each: each[0])
