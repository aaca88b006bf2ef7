"""Look-ups that several use cases share."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.identity.subjects.domain.ports import HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def the_subject(tx: HasSubjects, subject_id: str, context: CallContext) -> Subject:
    """The subject that the call may see; for the id of a merged one that it merged into. Raises SubjectNotFound."""
    (found,) = tx.subjects.read([(context, subject_id)])
    if isinstance(found, AppError):
        raise found
    return found
