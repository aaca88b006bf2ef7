"""Officers' waiting steps in the database."""
from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.cases.adapters.finding import WITHOUT_FORM
from services.matter.cases.adapters.rows import CaseRecord, open_record, record_facts
from services.matter.cases.adapters.tables import CASES, STEPS
from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case
from services.matter.tasks.usecases.list_tasks import TaskFilter
from shared_components.db.load_many import Reading
from shared_components.kernel.calls import CallContext
from shared_components.security.authority.opening import open_row
from shared_components.security.authority.search import searched_tenant


class SqlWaitingTasks:
    def __init__(self, session: Session, fields: FieldEncryption) -> None:
        self._session = session
        self._reading = Reading(record_facts, lambda record: open_record(record, fields))

    def page(self, context: CallContext, wanted: TaskFilter) -> Sequence[tuple[Case, str]]:
        query = select(STEPS).where(
            STEPS.c.tenant_id == searched_tenant(context), STEPS.c.desk.in_(wanted.desks),
            STEPS.c.state == states.WAITING)
        if wanted.claimed_by is not None:
            query = query.where(STEPS.c.claimed_by == wanted.claimed_by)
        if wanted.unclaimed:
            query = query.where(STEPS.c.claimed_by.is_(None))
        if wanted.matter_code is not None:
            query = query.where(STEPS.c.case_id.in_(
                select(CASES.c.case_id).where(CASES.c.matter_code == wanted.matter_code)))
        if wanted.after is not None:
            query = query.where(STEPS.c.step_id > wanted.after)
        steps = list(self._session.execute(query.order_by(STEPS.c.step_id).limit(wanted.limit)))
        ids = sorted({step.case_id for step in steps})
        cases = {row.case_id: row for row in self._session.execute(
            select(*WITHOUT_FORM).where(CASES.c.case_id.in_(ids)))}
        found = []
        for step in steps:
            case = open_row(context, self._reading.seal(CaseRecord(cases[step.case_id], [step])))
            if case is not None:
                found.append((case, step.step_id))
        return found
