"""Put a step into the inbox of officers."""
from __future__ import annotations

from services.matter.cases.domain.outcomes import Outcome, Story, Waiting
from services.matter.cases.usecases.work import HasIdentity, Work
from services.matter.kinds.task.lines import WITH_OFFICERS


def run_task(work: Work[HasIdentity]) -> Outcome:
    """Begin to wait for an officer; the applicant is noted while identity knows him."""
    return Waiting(applicant=dict(work.applicant()), stories=(Story(WITH_OFFICERS),))
